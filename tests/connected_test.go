package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// TestADestroyWaitsForConsumersToGo destroys while a consumer is connected: the error says what to do, the data is there, and
// after that the same command finishes.
func TestADestroyWaitsForConsumersToGo(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := newRig(t, c, "documents")
		r.up(t)
		service := r.idOf(t, "link-tidb-service")
		r.seed = func(world *simcloud.World) error { return c.connect(world, service) }
		destroy := func() error {
			_, err := r.open(t).Destroy(t.Context(), automation.DestroyOptions{}, nil)
			return err
		}
		r.wantConnected(t, destroy(), "tidb", service)
		require.ErrorContains(t, destroy(), "\nwhat was done is saved: correct the cause, then kafkalink destroy continues")

		r.seed = func(world *simcloud.World) error { return c.disconnect(world, service) }
		require.NoError(t, destroy())
		_, there := r.view.Get(service)
		require.False(t, there)
		r.wantData(t)
		r.wantOnly(t, r.there, "what is kept")
	})
}

// TestARejectedConsumerHoldsNothingOnAWS rejects the connection, as the error says, in place of the consumer's going.
func TestARejectedConsumerHoldsNothingOnAWS(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	service := r.idOf(t, "link-tidb-service")
	r.seed = func(world *simcloud.World) error {
		if err := connectOnAWS(world, service); err != nil {
			return err
		}
		return aws.Reject(world, service, consumerOnAWS)
	}
	_, err := r.open(t).Destroy(t.Context(), automation.DestroyOptions{}, nil)
	require.NoError(t, err)
	_, there := r.view.Get(service)
	require.False(t, there)
}

// TestALinkIsRemovedWhenItsConsumersAreGone takes a retired link out of the configuration while its consumer is connected.
func TestALinkIsRemovedWhenItsConsumersAreGone(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := newRig(t, c, "documents")
		one := r.config["kafkalink:links"]
		r.set(t, c.link)
		r.up(t)
		service, other := r.idOf(t, "link-second-service"), r.idOf(t, "link-tidb-service")
		r.seed = func(world *simcloud.World) error { return c.connect(world, service) }
		r.set(t, map[string]any{"operator": map[string]any{"retireEndpoints": []any{"second"}}})
		r.up(t)
		r.set(t, map[string]any{"links": one, "operator": nil})
		_, err := r.open(t).Up(t.Context(), nil)
		r.wantConnected(t, err, "second", service)
		_, there := r.view.Get(other)
		require.True(t, there)

		r.seed = func(world *simcloud.World) error { return c.disconnect(world, service) }
		r.up(t)
		_, there = r.view.Get(service)
		require.False(t, there)
		require.Empty(t, r.up(t))
		r.wantOnly(t, r.there, "the link is gone")
	})
}

// wantConnected wants an operation to have failed because of a consumer of a link, and nothing to be lost that matters.
func (r *rig) wantConnected(t *testing.T, err error, link, service string) {
	t.Helper()
	require.ErrorContains(t, err, r.cloud.serviceLabel+" of link "+link+": ")
	require.ErrorContains(t, err, service[strings.LastIndex(service, "/")+1:])
	for _, says := range r.cloud.connected {
		require.ErrorContains(t, err, says)
	}
	_, there := r.view.Get(service)
	require.True(t, there)
	r.wantData(t)
}

// wantData wants the data disk of every node to be there.
func (r *rig) wantData(t *testing.T) {
	t.Helper()
	for _, node := range []string{"1", "2", "3"} {
		_, there := r.view.Get(r.idOf(t, "brokers-"+node+"-data"))
		require.True(t, there, "data disk of node %s", node)
	}
}

const consumerOnAWS = "vpce-0c0c0c0c0c0c0c0c0"

func connectOnAWS(world *simcloud.World, service string) error {
	found, _ := world.Get(service)
	_, err := aws.Connect(world, service, aws.Endpoint{
		ID: consumerOnAWS, Principal: found.Properties.Texts("allowedPrincipals")[0], ZoneIDs: []string{"usw2-az1", "usw2-az2", "usw2-az3"},
	})
	return err
}

func disconnectOnAWS(world *simcloud.World, service string) error {
	return aws.Disconnect(world, service, consumerOnAWS)
}

func connectOnAzure(world *simcloud.World, service string) error {
	found, _ := world.Get(service)
	_, err := azure.Connect(world, service, azure.Endpoint{Name: "consumer", Subscription: found.Properties.Texts("visibility.subscriptions")[0]})
	return err
}

func disconnectOnAzure(world *simcloud.World, service string) error {
	return azure.Disconnect(world, service, azure.Connections(world, service)[0].Name)
}
