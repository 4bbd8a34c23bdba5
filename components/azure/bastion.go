package azure

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newBastion makes the way in for people, in a subnet of its own, which it returns.
func newBastion(ctx *pulumi.Context, name string, args *NetworkArgs, vnet *network.VirtualNetwork, after, parent pulumi.Resource) (*network.Subnet, error) {
	subnet, err := network.NewSubnet(ctx, name+"-bastion-subnet", &network.SubnetArgs{
		ResourceGroupName:  args.ResourceGroupName,
		VirtualNetworkName: vnet.Name,
		SubnetName:         pulumi.String("AzureBastionSubnet"), // the name is Azure's
		AddressPrefix:      pulumi.String(args.Plan.Bastion.CIDR),
	}, pulumi.Parent(parent), pulumi.DependsOn([]pulumi.Resource{after}))
	if err != nil {
		return nil, err
	}
	address, err := newPublicAddress(ctx, name+"-bastion-ip", args, args.Plan.Name+"-bastion-ip", parent)
	if err != nil {
		return nil, err
	}
	_, err = network.NewBastionHost(ctx, name+"-bastion", &network.BastionHostArgs{
		ResourceGroupName: args.ResourceGroupName,
		BastionHostName:   pulumi.String(args.Plan.Name + "-bastion"),
		Sku:               &network.SkuArgs{Name: pulumi.String(args.Plan.Bastion.SKU)},
		IpConfigurations: network.BastionHostIPConfigurationArray{&network.BastionHostIPConfigurationArgs{
			Name:            pulumi.String("bastion"),
			Subnet:          &network.SubResourceArgs{Id: subnet.ID()},
			PublicIPAddress: &network.SubResourceArgs{Id: address.ID()},
		}},
		Tags: pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(parent))
	return subnet, err
}

// newPublicAddress is for gateways only: no broker ever has one.
func newPublicAddress(ctx *pulumi.Context, name string, args *NetworkArgs, azureName string, parent pulumi.Resource) (*network.PublicIPAddress, error) {
	return network.NewPublicIPAddress(ctx, name, &network.PublicIPAddressArgs{
		ResourceGroupName:        args.ResourceGroupName,
		PublicIpAddressName:      pulumi.String(azureName),
		PublicIPAllocationMethod: pulumi.String("Static"),
		Sku:                      &network.PublicIPAddressSkuArgs{Name: pulumi.String("Standard")},
		Tags:                     pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(parent))
}
