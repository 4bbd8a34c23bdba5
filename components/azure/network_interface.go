package azure

import (
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// newInterface keeps the broker's address while machines come and go, and joins it to the links' pools.
func newInterface(ctx *pulumi.Context, m *rolling.Machine, args *BrokersArgs, after pulumi.ResourceOption, parent pulumi.Resource) (*network.NetworkInterface, error) {
	n := m.Host.Node
	pools := network.BackendAddressPoolArray{}
	for _, id := range args.BackendPools[strconv.Itoa(n.ID)] {
		pools = append(pools, &network.BackendAddressPoolArgs{Id: id.ToStringOutput().ToStringPtrOutput()})
	}
	ip := &network.NetworkInterfaceIPConfigurationArgs{
		Name:                      pulumi.String("kafka"),
		Primary:                   pulumi.Bool(true),
		PrivateIPAllocationMethod: pulumi.String("Static"),
		PrivateIPAddress:          pulumi.String(n.Address),
		Subnet:                    &network.SubnetTypeArgs{Id: args.SubnetID.ToStringOutput().ToStringPtrOutput()},
	}
	if len(pools) > 0 {
		ip.LoadBalancerBackendAddressPools = pools
	}
	return network.NewNetworkInterface(ctx, m.Resource+"-nic", &network.NetworkInterfaceArgs{
		ResourceGroupName:    args.ResourceGroupName,
		NetworkInterfaceName: pulumi.String(m.Name + "-nic"),
		IpConfigurations:     network.NetworkInterfaceIPConfigurationArray{ip},
		NetworkSecurityGroup: &network.NetworkSecurityGroupTypeArgs{Id: args.SecurityGroupID.ToStringOutput().ToStringPtrOutput()},
		Tags:                 pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(parent), after)
}
