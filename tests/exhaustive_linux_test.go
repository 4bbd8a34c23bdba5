//go:build exhaustive

package tests

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryDrill takes some twenty minutes for each cloud: `make exhaustive`.
func TestEveryDrill(t *testing.T) {
	inTurn(t, func(t *testing.T, c cloud) {
		report := newRig(t, c, "documents").rehearse(t, "all")

		found := map[string]string{}
		for _, drill := range report.Drills {
			found[drill.Name] = drill.Found
		}
		require.Contains(t, found["late-disk"], "data disks that come 60 s late")
		require.Contains(t, found["blank-disk"], "was refused; with operator.acceptBlankDisk its data came back")
		require.Contains(t, found["idle-connections"], ": 0 requests were not answered")
		for _, rolling := range []string{"kill-broker", "rolling-property", "new-name", "rolling-replace", "late-disk"} {
			require.Contains(t, found[rolling], " 0 lost, 0 failed for good; at most 1 of the brokers out at once", rolling)
		}
	})
}

// TestMutations alters what is deployed, property by property.
func TestMutations(t *testing.T) {
	inTurn(t, func(t *testing.T, c cloud) {
		report := newRig(t, c, "documents").rehearse(t, "mutations")

		require.Len(t, report.Drills, 1)
		require.Regexp(t, `^([4-9]\d|\d{3,}) mutations: `, report.Drills[0].Found, "40 at least")
	})
}

// TestOtherSetUps rehearses what the golden files show: more brokers, controllers on nodes of their own, and a network
// that is there already.
func TestOtherSetUps(t *testing.T) {
	inTurn(t, func(t *testing.T, c cloud) {
		for _, scenario := range []string{"five-brokers", "separate-controllers", "own-network"} {
			t.Run(scenario, func(t *testing.T) {
				report := newRig(t, c, scenario).rehearse(t)
				require.NotEmpty(t, report.Links)
				require.Less(t, report.MemoryMiB, 4096)
			})
		}
	})
}

// inTurn asks the same of every cloud, one after the other: each has the machine for itself.
func inTurn(t *testing.T, test func(t *testing.T, c cloud)) {
	t.Helper()
	for _, c := range clouds {
		t.Run(c.name, func(t *testing.T) { test(t, c) })
	}
}
