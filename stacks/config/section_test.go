package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnEchoIsOfTheSettingItselfOrOfWhatIsBelowIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, other string
		want        bool
	}{
		{"links[1]", "links[1]", true},
		{"links[1].name", "links[1]", true},
		{"cluster.zones[0]", "cluster.zones", true},
		{"links[10].name", "links[1]", false},
		{"cluster.zonesOfOthers", "cluster.zones", false},
	} {
		require.Equal(t, c.want, within(c.path, c.other), "%s in %s", c.path, c.other)
	}
}
