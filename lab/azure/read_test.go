package azure

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/fabric/fabrictest"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/azure"
)

func TestTheDocumentsSetUpIsReadWhole(t *testing.T) {
	t.Parallel()
	server := documents(t)
	want := expected(server)
	require.Len(t, want.Fabric.Connections, 1)
	require.Equal(t, want, Read(server.View()))
}

func TestAnEmptyCloudIsRead(t *testing.T) {
	t.Parallel()
	require.Equal(t, fabric.Deployment{Fabric: fabric.Fabric{Prober: platform}}, fabrictest.Nothing(t, cloud.Cloud(), Read))
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	server := documents(t)
	mutate(t, server, func(world *simcloud.World) { // of several interfaces the second is the primary one
		world.Change(vm(1), func(r *simcloud.Resource) {
			r.Properties.Set("networkProfile.networkInterfaces", list{ref(nic(3)), object{"id": nic(1), "primary": true}})
		})
	})
	fabrictest.Unchanged(t, server, Read)
}
