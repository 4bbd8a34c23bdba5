package tests

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestADiskThatCannotGrowInUseIsRefusedBeforehand asks for more than Azure gives a disk while its machine runs, together with a change
// that restarts brokers: nothing is touched.
func TestADiskThatCannotGrowInUseIsRefusedBeforehand(t *testing.T) {
	t.Parallel()
	r := newRig(t, azureCloud, "documents")
	r.up(t)
	before := r.config
	r.set(t, map[string]any{"machines.dataDisk.sizeGiB": 5000, "cluster.properties": map[string]any{"num.io.threads": "16"}})
	_, err := r.open(t).Preview(t.Context(), nil)
	require.ErrorContains(t, err, "machines.dataDisk.sizeGiB: node 1's disk ")
	_, err = r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "larger than 4096 GiB only while its machine is deallocated")
	require.Empty(t, r.changes())

	r.config = before
	r.set(t, map[string]any{"machines.dataDisk.sizeGiB": 4096})
	require.NotEmpty(t, r.up(t))
	require.Empty(t, r.up(t))

	r.config = before
	r.set(t, map[string]any{"machines.dataDisk": map[string]any{"sizeGiB": 5000, "sku": "Premium_LRS"}})
	first := newRig(t, azureCloud, "documents")
	first.config = r.config
	first.write(t)
	first.up(t)
}
