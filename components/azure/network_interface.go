package azure

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newInterface keeps the broker's address while machines come and go, and joins it to the links' pools.
func newInterface(ctx *pulumi.Context, m *machine, args *BrokersArgs, after step, parent pulumi.Resource) (*network.NetworkInterface, error) {
	n := m.host.Node
	pools := network.BackendAddressPoolArray{}
	for _, id := range args.BackendPools[itoa(n.ID)] {
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
	return network.NewNetworkInterface(ctx, m.name+"-nic", &network.NetworkInterfaceArgs{
		ResourceGroupName:    args.ResourceGroupName,
		NetworkInterfaceName: pulumi.String(m.vmName + "-nic"),
		IpConfigurations:     network.NetworkInterfaceIPConfigurationArray{ip},
		NetworkSecurityGroup: &network.NetworkSecurityGroupTypeArgs{Id: args.SecurityGroupID.ToStringOutput().ToStringPtrOutput()},
		Tags:                 pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(parent), after.gate())
}
