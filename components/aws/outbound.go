package aws

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// anywhere is the internet.
const anywhere = "0.0.0.0/0"

// outbound makes the public subnet, and the brokers' route through a NAT gateway in it, by which they fetch Java and Kafka
// and hear from Systems Manager. It lets nothing in. Without a NAT gateway, for a bastion alone, there is no such route.
func (n *Network) outbound(ctx *pulumi.Context, name string, args *NetworkArgs) (*ec2.RouteTable, *ec2.Route, error) {
	plan := args.Plan
	gateway, err := ec2.NewInternetGateway(ctx, name+"-igw", &ec2.InternetGatewayArgs{
		VpcId: n.VPCID, Tags: named(args.Tags, plan.Name+"-igw", nil),
	}, pulumi.Parent(n))
	if err != nil {
		return nil, nil, err
	}
	_, route, err := n.routes(ctx, name+"-public", plan.Name+"-igw-route-table", args, &ec2.RouteArgs{GatewayId: gateway.ID()})
	if err != nil {
		return nil, nil, err
	}
	subnet, err := n.subnet(ctx, name+"-public-subnet", plan.Public, plan.Bastion != nil, args)
	if err != nil {
		return nil, nil, err
	}
	association, err := ec2.NewRouteTableAssociation(ctx, name+"-public-routes", &ec2.RouteTableAssociationArgs{
		RouteTableId: route.RouteTableId, SubnetId: subnet.ID(),
	}, pulumi.Parent(n))
	if err != nil {
		return nil, nil, err
	}
	n.publicSubnetID = rolling.After(subnet.ID().ToStringOutput(), association, route)
	if plan.Outbound != address.OutboundNATGateway {
		return nil, nil, nil
	}
	ip, err := ec2.NewEip(ctx, name+"-nat-gateway-ip", &ec2.EipArgs{
		Domain: pulumi.String("vpc"), Tags: named(args.Tags, plan.Name+"-nat-gateway-ip", nil),
	}, pulumi.Parent(n))
	if err != nil {
		return nil, nil, err
	}
	nat, err := ec2.NewNatGateway(ctx, name+"-nat-gateway", &ec2.NatGatewayArgs{
		AllocationId: ip.ID(), SubnetId: n.publicSubnetID, Tags: named(args.Tags, plan.Name+"-nat-gateway", nil),
	}, pulumi.Parent(n))
	if err != nil {
		return nil, nil, err
	}
	return n.routes(ctx, name+"-broker", plan.Name+"-nat-gateway-route-table", args, &ec2.RouteArgs{NatGatewayId: nat.ID()})
}

// routes are a route table with one route to anywhere.
func (n *Network) routes(ctx *pulumi.Context, name, awsName string, args *NetworkArgs, route *ec2.RouteArgs) (*ec2.RouteTable, *ec2.Route, error) {
	table, err := ec2.NewRouteTable(ctx, name+"-route-table", &ec2.RouteTableArgs{
		VpcId: n.VPCID, Tags: named(args.Tags, awsName, nil),
	}, pulumi.Parent(n))
	if err != nil {
		return nil, nil, err
	}
	route.RouteTableId, route.DestinationCidrBlock = table.ID(), pulumi.String(anywhere)
	out, err := ec2.NewRoute(ctx, name+"-route", route, pulumi.Parent(n))
	return table, out, err
}
