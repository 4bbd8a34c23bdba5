package azure

import (
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
	"github.com/kafkalink/kafkalink/stacks/base"
)

// Run is the Pulumi program: it reads the stack's configuration, registers everything, and exports what the consumers
// of its links are told.
func Run(ctx *pulumi.Context) error { return base.Run(ctx, false, keys(), Decode) }

// RunFirst is Run for a stack that has never had a resource: its machines are made side by side.
func RunFirst(ctx *pulumi.Context) error { return base.Run(ctx, true, keys(), Decode) }

// Find looks up a resource of the stack by its type and inputs. Nil: it is not there.
func Find(ctx *pulumi.Context, token string, inputs map[string]any) (*rolling.Found, error) {
	return azure.Find(ctx, token, inputs)
}

// Register makes everything that the configuration says, and exports what the consumers of its links are told.
func (s *Stack) Register(ctx *pulumi.Context, first bool) error {
	deployed, err := azure.Survey(ctx, s.ResourceGroup.Name, s.Machines, s.Cluster)
	if err != nil {
		return err
	}
	machines := &azure.BrokersArgs{Args: s.Rolling(deployed, first), Plan: s.Machines}
	if err := azure.Foresee(ctx, machines); err != nil {
		return err
	}
	group, err := s.resourceGroup(ctx)
	if err != nil {
		return err
	}
	network, err := azure.NewNetwork(ctx, "network", &azure.NetworkArgs{
		Cluster: s.Cluster, Plan: s.Network, ResourceGroupName: group, Tags: s.Tags,
	})
	if err != nil {
		return err
	}
	services := map[string]base.Service{}
	pools := map[string][]pulumi.StringInput{}
	for _, e := range s.Endpoints {
		link, err := azure.NewLink(ctx, "link-"+e.Name, &azure.LinkArgs{
			Cluster: s.Cluster, Links: routes(e), Plan: e.Plan, ResourceGroupName: group,
			BrokersSubnetID: network.BrokersSubnetID, NATSubnetID: network.NATSubnetID,
			Retire: s.Operator.Retires(e.Name), Tags: s.Tags,
		})
		if err != nil {
			return err
		}
		services[e.Name] = base.Service{Name: link.Alias, ID: link.ServiceID}
		for node, pool := range link.Pools {
			pools[node] = append(pools[node], pool)
		}
	}
	machines.ResourceGroupName, machines.BackendPools = group, pools
	machines.SubnetID, machines.SecurityGroupID = network.BrokersSubnetID, network.SecurityGroupID
	brokers, err := azure.NewBrokers(ctx, "brokers", machines)
	if err != nil {
		return err
	}
	ctx.Export(kafka.OutputKey, s.Outputs(Cloud, kafka.KindAzure, services, brokers.Ready, s.Machines.MachineName))
	return nil
}

// resourceGroup is the group's name, once it is there. It is protected because deleting it deletes the data disks.
func (s *Stack) resourceGroup(ctx *pulumi.Context) (pulumi.StringInput, error) {
	if s.ResourceGroup.Existing {
		return pulumi.String(s.ResourceGroup.Name), nil
	}
	group, err := resources.NewResourceGroup(ctx, "resource-group", &resources.ResourceGroupArgs{
		ResourceGroupName: pulumi.String(s.ResourceGroup.Name), Tags: pulumi.ToStringMap(s.Tags),
	}, pulumi.Protect(true))
	if err != nil {
		return nil, err
	}
	return group.Name, nil
}
