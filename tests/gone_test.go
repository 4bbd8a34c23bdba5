package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
)

// terminated deletes a node's machine by hand, and what goes with it.
func (r *rig) terminated(t *testing.T, node string) func(*simcloud.World) error {
	t.Helper()
	id := r.machineOf(t, node)
	return func(world *simcloud.World) error {
		world.Delete(id)
		return nil
	}
}

// TestAClusterWhoseMachineIsGoneIsDestroyed destroys without a refresh what somebody took a machine out of.
func TestAClusterWhoseMachineIsGoneIsDestroyed(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := newRig(t, c, "documents")
		r.up(t)
		r.seed = r.terminated(t, "2")
		_, err := r.open(t).Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
		require.NoError(t, err)
		require.Empty(t, r.there)
	})
}

// TestAMachineThatIsGoneIsMadeAgain replaces all machines while the state still has one that is gone.
func TestAMachineThatIsGoneIsMadeAgain(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := newRig(t, c, "documents")
		r.up(t)
		r.seed = r.terminated(t, "2")
		r.set(t, c.image(0))
		_, err := r.open(t).Up(t.Context(), nil)
		require.NoError(t, err)
		r.wantOnly(t, r.there, "every machine once")
		require.Empty(t, r.up(t))
	})
}
