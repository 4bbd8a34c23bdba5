package stacktest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Restart is a change of properties of a resource, or its replacement where none are named, and whether node 3 restarts by it.
type Restart struct {
	Name    string
	Changed []string
	Want    bool
}

// CheckLabels compares resources' labels, by name, and which changes restart a node.
func CheckLabels(t *testing.T, label func(name string) string, want map[string]string, restarts func(name string, changed []string) (int, bool), cases []Restart) {
	t.Helper()
	for name, words := range want {
		require.Equal(t, words, label(name), name)
	}
	for _, c := range cases {
		node, restarted := restarts(c.Name, c.Changed)
		require.Equal(t, c.Want, restarted, "%s %v", c.Name, c.Changed)
		if c.Want {
			require.Equal(t, 3, node)
		}
	}
}
