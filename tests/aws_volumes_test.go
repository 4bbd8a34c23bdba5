package tests

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVolumesChangeTheirTypeInPlace goes through types of volumes and what they have of their own, and back to what a stack
// file begins with: the provider sends what it last saw where nothing is said, and EBS refuses a gp3 the operations of a gp2.
func TestVolumesChangeTheirTypeInPlace(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.set(t, map[string]any{"cluster": map[string]any{"name": "kafka", "brokers": 1, "zones": []any{"usw2-az1"}}, "network": nil})
	r.up(t)
	for _, disk := range []map[string]any{
		{"type": "gp2"}, {"type": "gp3"}, {"type": "gp3", "iops": 6000, "throughput": 500}, {"type": "io2", "iops": 4000}, nil,
	} {
		r.set(t, map[string]any{"machines.dataDisk": disk, "machines.osDisk": disk})
		for _, change := range r.up(t) {
			require.NotContains(t, []string{"delete brokers-1-vm", "delete brokers-1-data"}, string(change.Kind)+" "+change.Name, "%v", disk)
		}
		data, _ := r.view.Get(r.idOf(t, "brokers-1-data"))
		machine, _ := r.view.Get(r.machineOf(t, "1"))
		want := struct {
			kind             string
			iops, throughput float64
		}{"gp3", 3000, 125}
		if kind, given := disk["type"].(string); given && kind != "gp3" {
			want.kind, want.iops, want.throughput = kind, 0, 0
		}
		if iops, given := disk["iops"].(int); given {
			want.iops = float64(iops)
		}
		if throughput, given := disk["throughput"].(int); given {
			want.throughput = float64(throughput)
		}
		require.Equal(t, want.kind, data.Properties.Text("type"), "%v", disk)
		require.Equal(t, want.iops, data.Properties.Number("iops"), "%v", disk)
		require.Equal(t, want.throughput, data.Properties.Number("throughput"), "%v", disk)
		root := machine.Properties.Object("rootBlockDevice")
		require.Equal(t, want.kind, root.Text("volumeType"), "%v", disk)
		require.Equal(t, want.iops, root.Number("iops"), "%v", disk)
		require.Equal(t, want.throughput, root.Number("throughput"), "%v", disk)
	}
	require.Empty(t, r.up(t))
}
