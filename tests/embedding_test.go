package tests

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	azurenative "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	components "github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
	stacks "github.com/kafkalink/kafkalink/stacks/azure"
	"github.com/kafkalink/kafkalink/stacks/base"
)

const corporate = "00000000-0000-0000-0000-00000000c0de"

// embedding is a program of one's own that makes a cluster from the components, by a provider of its own for another subscription
// than the default provider's.
func embedding(ctx *pulumi.Context, s *stacks.Stack) error {
	provider, err := azurenative.NewProvider(ctx, "corporate", &azurenative.ProviderArgs{
		SubscriptionId: pulumi.String(corporate), Location: pulumi.String("eastus"),
	})
	if err != nil {
		return err
	}
	with := pulumi.Provider(provider)
	group, err := resources.NewResourceGroup(ctx, "resource-group", &resources.ResourceGroupArgs{ResourceGroupName: pulumi.String("corporate")}, with)
	if err != nil {
		return err
	}
	network, err := components.NewNetwork(ctx, "network", &components.NetworkArgs{Cluster: s.Cluster, Plan: s.Network, ResourceGroupName: group.Name}, with)
	if err != nil {
		return err
	}
	e := s.Endpoints[0]
	link, err := components.NewLink(ctx, "tidb", &components.LinkArgs{
		Cluster: s.Cluster, Plan: e.Plan, ResourceGroupName: group.Name, BrokersSubnetID: network.BrokersSubnetID, NATSubnetID: network.NATSubnetID,
		Links: []components.LinkRoutes{{Link: e.Links[0].Link, Rule: e.Plan.Rule, Probe: e.Plan.Probe}},
	}, with)
	if err != nil {
		return err
	}
	deployed, err := components.Survey(ctx, "corporate", s.Machines, s.Cluster, with)
	if err != nil {
		return err
	}
	pools := map[string][]pulumi.StringInput{}
	for node, pool := range maps.All(link.Pools) {
		pools[node] = []pulumi.StringInput{pool}
	}
	brokers, err := components.NewBrokers(ctx, "brokers", &components.BrokersArgs{
		Args: rolling.Args{Cluster: s.Cluster, Hosts: s.Hosts, Deployed: deployed}, Plan: s.Machines, ResourceGroupName: group.Name,
		SubnetID: network.BrokersSubnetID, SecurityGroupID: network.SecurityGroupID, BackendPools: pools,
	}, with)
	if err != nil {
		return err
	}
	service := map[string]base.Service{e.Name: {Name: link.Alias, ID: link.ServiceID}}
	ctx.Export(kafka.OutputKey, s.Outputs(stacks.Cloud, kafka.KindAzure, service, brokers.Ready, s.Machines.MachineName))
	return nil
}

// TestReportsAreReadInAProgramOfOnesOwn deploys and changes such a program: hosts' reports and machines' power are asked with the
// credentials, and in the subscription, of its own provider.
func TestReportsAreReadInAProgramOfOnesOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, azureCloud, "documents")
	size := "Standard_D2s_v3"
	up := func() error {
		opened := r.open(t)
		values := map[string]any{}
		for key, value := range opened.Configuration {
			values[key] = value
		}
		s, findings := stacks.Decode("kafkalink/"+stackName, values)
		require.NoError(t, findings.Err())
		s.Machines.Size = size
		opened.Program.Run = func(ctx *pulumi.Context) error { return embedding(ctx, s) }
		opened.Program.RunFirst = nil
		_, err := opened.Up(context.Background(), nil)
		return err
	}
	require.NoError(t, up())
	machines := r.view.List(azureCloud.machine)
	require.Len(t, machines, 3)
	for _, vm := range machines {
		require.Contains(t, strings.ToLower(vm.ID), "/subscriptions/"+corporate+"/")
	}
	require.NoError(t, up())
	require.Empty(t, r.changes(), "a second up changes nothing")

	size = "Standard_D4s_v3"
	require.NoError(t, up())
	for i, o := range outages(r.changes()) {
		require.Equal(t, i+1, o.node, strconv.Itoa(o.node))
	}
	require.Len(t, outages(r.changes()), 3)

	r.seed = r.changesMachine(t, "2", deallocated)
	require.ErrorContains(t, up(), "node 2: its machine ")
}
