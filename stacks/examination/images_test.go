package examination

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAnImageThatIsGoneIsMissingOnlyWhereAMachineIsMade has machines that stay, and one that is made from the same image.
func TestAnImageThatIsGoneIsMissingOnlyWhereAMachineIsMade(t *testing.T) {
	t.Parallel()
	machine := func(image string, stays bool) Planned {
		return Planned{Inputs: map[string]any{"image": image}, Stays: stays}
	}
	images := Images{
		Region:       "north",
		Wanted:       func(m Planned) string { return Text(m.Inputs, "image") },
		Architecture: func(m Planned) (string, bool, error) { return "x64", Text(m.Inputs, "image") == "newest", nil },
		Size:         func(Planned) (string, []string) { return "large", []string{"x64"} },
		List:         func(Planned) string { return "list" },
	}
	require.Equal(t, []Check{
		{Subject: "image newest", Detail: "is in north, x64"},
		{Subject: "image old", Detail: "is no longer in north; the machines that were made from it keep it"},
	}, images.Checks([]Planned{machine("old", true), machine("old", true), machine("newest", false)}))
	require.Equal(t, []Check{
		{Subject: "image old", Missing: true, Detail: "is not in north", Next: "choose another: list"},
	}, images.Checks([]Planned{machine("old", true), machine("old", false)}))
}
