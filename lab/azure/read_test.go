package azure

import (
	"testing"

	"github.com/stretchr/testify/require"

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
	server, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{cloud.Cloud()}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	deployed := Read(server.View())
	require.Equal(t, platform, deployed.Fabric.Prober)
	require.Empty(t, deployed.Fabric.Interfaces)
	require.Empty(t, deployed.Machines)
	require.Empty(t, deployed.Unmodelled)
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	server := documents(t)
	mutate(t, server, func(world *simcloud.World) { // of several interfaces the second is the primary one
		world.Change(vm(1), func(r *simcloud.Resource) {
			r.Properties.Set("networkProfile.networkInterfaces", list{ref(nic(3)), object{"id": nic(1), "primary": true}})
		})
	})
	before := clone(server.View())
	first := Read(server.View())
	require.Equal(t, before, clone(server.View()))
	require.Equal(t, first, Read(server.View()), "the same is read again")
}

func clone(view simcloud.View) []*simcloud.Resource {
	var copies []*simcloud.Resource
	for _, r := range view.List("") {
		copies = append(copies, r.Clone())
	}
	return copies
}
