package fabrictest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Nothing is what is read of a cloud in which there is nothing.
func Nothing(t *testing.T, cloud *simcloud.Cloud, read func(simcloud.View) fabric.Deployment) fabric.Deployment {
	t.Helper()
	server, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{cloud}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return read(server.View())
}

// Unchanged wants reading to change nothing, and to give the same when it is done again.
func Unchanged(t *testing.T, server *simcloud.Server, read func(simcloud.View) fabric.Deployment) {
	t.Helper()
	before := clone(server.View())
	first := read(server.View())
	require.Equal(t, before, clone(server.View()))
	require.Equal(t, first, read(server.View()), "the same is read again")
}

func clone(view simcloud.View) []*simcloud.Resource {
	var copies []*simcloud.Resource
	for _, r := range view.List("") {
		copies = append(copies, r.Clone())
	}
	return copies
}
