package examination

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsWantedIsGroupedInOrder(t *testing.T) {
	t.Parallel()
	planned := func(size string) Planned {
		return Planned{Inputs: map[string]any{"profile": map[string]any{"size": size}}}
	}
	size := func(p Planned) string { return Text(p.Inputs, "profile", "size") }
	groups := Groups([]Planned{planned("large"), planned(""), planned("huge"), {}, planned("large")}, size)
	require.Equal(t, []Group{
		{"huge", []Planned{planned("huge")}},
		{"large", []Planned{planned("large"), planned("large")}},
	}, groups)

	require.Nil(t, unfit("x64", groups[1].Members, func(p Planned) (string, []string) { return size(p), []string{"Arm64", "X64"} }))
	require.Nil(t, unfit("x64", groups[1].Members, func(p Planned) (string, []string) { return size(p), nil }))
	require.Equal(t, []string{"is x64; of another architecture: large (Arm64)"},
		unfit("x64", groups[1].Members, func(p Planned) (string, []string) { return size(p), []string{"Arm64"} }))
}

func TestAQuotaIsShortOfWhatItDoesNotLeave(t *testing.T) {
	t.Parallel()
	require.Nil(t, Short("VPCs", 1, 4, 5))
	require.Equal(t, []string{"VPCs: 2 more are planned, 1 of 5 are left"}, Short("VPCs", 2, 4, 5))
	require.Equal(t, []string{"VPCs: 1 more are planned, 0 of 5 are left"}, Short("VPCs", 1, 6, 5))
}

func TestAProblemIsMissingAndAnUnknownIsNot(t *testing.T) {
	t.Parallel()
	require.Equal(t, Check{Subject: "size", Detail: "offered"}, Judge("size", nil, "offered", "choose another"))
	require.Equal(t, Check{Subject: "size", Missing: true, Detail: "old; slow", Next: "choose another"}, Judge("size", []string{"old", "slow"}, "offered", "choose another"))
	require.Equal(t, Check{Subject: "size", Detail: "cannot be asked: silence", Next: "wait"}, Unknown("size", "silence", "wait"))
	require.Nil(t, Lacking(nil))
	require.Equal(t, []string{"lacking: read, write"}, Lacking([]string{"read", "write"}))
}
