package azure

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatAzureRefusesForAWhilePasses(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]time.Duration{
		`Status=400 Code="NicReservedForAnotherVm" Message="Nic(s) in request is reserved for another Virtual Machine for 180 seconds. ` +
			`Please provide another nic(s) or retry after 180 seconds. To learn more about this error see aka.ms/deletenicretain."`: 180 * time.Second,
		`Code="NicInUse" Message="Network Interface is used by existing resource"`: 0,
		`retry after 180 seconds`: 0,
		``:                        0,
	} {
		require.Equal(t, want, Passes(said), said)
	}
}
