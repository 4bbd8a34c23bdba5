package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
)

// deallocated takes a simulated Azure machine's power, as a person does, or Azure when a subscription's credit ends.
func deallocated(vm *simcloud.Resource) { vm.Computed["powerState"] = "deallocated" }

// TestADeallocatedMachineIsReported stops a machine on Azure: an update that changes nothing on it would be green.
func TestADeallocatedMachineIsReported(t *testing.T) {
	t.Parallel()
	r := newRig(t, azureCloud, "documents")
	r.up(t)
	r.seed = r.changesMachine(t, "2", deallocated)
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "node 2: its machine ")
	require.ErrorContains(t, err, " is stopped, and an update does not start it")
	require.Empty(t, r.changes())

	id := r.machineOf(t, "2")
	r.seed = func(world *simcloud.World) error {
		vm, _ := world.Get(id)
		world.Delete(vm.Properties.Text("storageProfile.osDisk.managedDisk.id")) // its deleteOption is Delete
		world.Delete(id)
		return nil
	}
	_, err = r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []int{2}, touched(r.up(t)))
	require.Empty(t, r.up(t))
}

// TestADeadMachineIsReplacedOnlyOnceItIsDeleted changes what machines are made from while one has no power: Azure would refuse to
// delete its Run Commands in the middle of the chain.
func TestADeadMachineIsReplacedOnlyOnceItIsDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t, azureCloud, "documents")
	r.up(t)
	gone := r.terminated(t, "3")
	r.seed = r.changesMachine(t, "3", deallocated)
	r.set(t, azureCloud.image(0))
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "node 3: its machine ")
	require.Empty(t, r.changes(), "no other machine is touched")

	r.seed = gone
	_, err = r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.ElementsMatch(t, []int{1, 2, 3}, touched(r.up(t)))
	require.Empty(t, r.up(t))
}

// TestAClusterWithADeadMachineIsDestroyed: Azure deletes no Run Command of a machine without power; the machine itself it does.
func TestAClusterWithADeadMachineIsDestroyed(t *testing.T) {
	t.Parallel()
	for _, node := range []string{"1", "3"} {
		r := newRig(t, azureCloud, "documents")
		r.up(t)
		r.seed = r.changesMachine(t, node, deallocated)
		_, err := r.open(t).Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
		require.NoError(t, err)
	}
}

// TestASystemDiskLeftBehindBlocksNoMachine keeps the disk of a machine that somebody deleted by hand, with its disk kept.
func TestASystemDiskLeftBehindBlocksNoMachine(t *testing.T) {
	t.Parallel()
	r := newRig(t, azureCloud, "documents")
	r.up(t)
	r.seed = r.terminated(t, "2")
	_, err := r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []int{2}, touched(r.up(t)))
}
