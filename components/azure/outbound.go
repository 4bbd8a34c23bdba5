package azure

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newNATGateway gives brokers a way out to fetch Java and Kafka. Behind an internal Standard load balancer, and in
// every new virtual network, there is no other. It lets nothing in.
func newNATGateway(ctx *pulumi.Context, name string, args *NetworkArgs, parent pulumi.Resource) (*network.NatGateway, error) {
	address, err := newPublicAddress(ctx, name+"-nat-gateway-ip", args, args.Plan.Name+"-nat-gateway-ip", parent)
	if err != nil {
		return nil, err
	}
	return network.NewNatGateway(ctx, name+"-nat-gateway", &network.NatGatewayArgs{
		ResourceGroupName: args.ResourceGroupName,
		NatGatewayName:    pulumi.String(args.Plan.Name + "-nat-gateway"),
		Sku:               &network.NatGatewaySkuArgs{Name: pulumi.String("Standard")},
		PublicIpAddresses: network.SubResourceArray{&network.SubResourceArgs{Id: address.ID()}},
		Tags:              pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(parent))
}
