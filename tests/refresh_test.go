package tests

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
)

// TestRefreshTellsWhichLinkAndWhichBroker alters and removes things behind Pulumi's back.
func TestRefreshTellsWhichLinkAndWhichBroker(t *testing.T) {
	t.Parallel()
	r := newRig(t, azureCloud, "documents")
	r.up(t)
	found, err := r.open(t).PlanRefresh(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, found.Drift)

	r.seed = func(world *simcloud.World) error {
		world.Change(world.List("azure-native:network:LoadBalancer")[0].ID, func(balancer *simcloud.Resource) {
			balancer.Properties.Objects("loadBalancingRules")[1].Set("backendPort", 39099)
		})
		world.Delete(world.List("azure-native:network:NatGateway")[0].ID)
		return nil
	}
	for range 2 { // looking changes nothing
		found, err = r.open(t).PlanRefresh(t.Context(), nil)
		require.NoError(t, err)
		require.Len(t, found.Drift, 2)
	}
	slices.SortFunc(found.Drift, func(a, b automation.Drift) int { return strings.Compare(a.Resource.Label, b.Resource.Label) })
	require.Equal(t, "NAT gateway", found.Drift[0].Resource.Label)
	require.True(t, found.Drift[0].Gone)
	require.Equal(t, "load balancer of link tidb", found.Drift[1].Resource.Label)
	require.Equal(t, []automation.PropertyDrift{
		{Path: "loadBalancingRules[1].backendPort", In: "rule2", State: 39092.0, Cloud: 39099.0},
	}, found.Drift[1].Properties)

	taken, err := r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, taken.Drift, 2)
	again, err := r.open(t).PlanRefresh(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, again.Drift)
	require.ElementsMatch(t, []string{"update link-tidb-lb", "create network-nat-gateway"}, told(r.up(t)))
	require.Empty(t, r.up(t))
}

// TestRefreshOnAWS does the same there, where hosts' own reports, which they write into parameters, are no drift.
func TestRefreshOnAWS(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	found, err := r.open(t).PlanRefresh(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, found.Drift)

	r.seed = func(world *simcloud.World) error {
		for _, listener := range world.List("aws:lb/listener:Listener") {
			if listener.Properties.Number("port") == 9094 {
				world.Change(listener.ID, func(l *simcloud.Resource) { l.Properties["port"] = 9099.0 })
			}
		}
		world.Delete(world.List("aws:ec2/natGateway:NatGateway")[0].ID)
		return nil
	}
	found, err = r.open(t).PlanRefresh(t.Context(), nil)
	require.NoError(t, err)
	slices.SortFunc(found.Drift, func(a, b automation.Drift) int { return strings.Compare(a.Resource.Label, b.Resource.Label) })
	require.Len(t, found.Drift, 2, "%+v", found.Drift)
	require.Equal(t, "NAT gateway", found.Drift[0].Resource.Label)
	require.True(t, found.Drift[0].Gone)
	require.Equal(t, "listener of link tidb, broker 2", found.Drift[1].Resource.Label)
	require.Equal(t, []automation.PropertyDrift{{Path: "port", State: 9094.0, Cloud: 9099.0}}, found.Drift[1].Properties)

	_, err = r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"update link-tidb-for-tidb-2-listener", "create network-nat-gateway", "update network-broker-route"}, told(r.up(t)))
	require.Empty(t, r.up(t))
}
