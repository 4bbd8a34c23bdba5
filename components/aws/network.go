package aws

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// NetworkArgs says where a cluster lives.
type NetworkArgs struct {
	// Cluster gives the ports that the filters admit.
	Cluster *kafka.Cluster `pulumi:"cluster"`
	// Hosts says where machines fetch Java and Kafka: what the filters let out.
	Hosts host.Config `pulumi:"hosts"`
	// Plan, with its defaults, and valid.
	Plan NetworkPlan `pulumi:"plan"`
	// KeyPair by which people may log in to the bastion; none: EC2 Instance Connect serves there.
	KeyPair pulumi.StringPtrInput `pulumi:"keyPair"`
	// Machines of the cluster, with their defaults, and valid: a bastion has their image.
	Machines MachinePlan `pulumi:"machines"`
	// Tags of everything made here.
	Tags map[string]string `pulumi:"tags"`
}

// Network is a VPC with a private subnet per availability zone, or the user's own subnets, and a security group of ours for
// the brokers' interfaces.
type Network struct {
	pulumi.ResourceState

	// VPCID is the network's id.
	VPCID pulumi.StringOutput `pulumi:"vpcId"`
	// SubnetIDs of the brokers, by the id of the zone.
	SubnetIDs map[string]pulumi.StringOutput `pulumi:"subnetIds"`
	// HostSubnetIDs are the same, known when machines made in them have their way out.
	HostSubnetIDs map[string]pulumi.StringOutput
	// ZoneNames are this account's names of the zones, by id.
	ZoneNames map[string]string
	// SecurityGroupID is that of the brokers' network interfaces.
	SecurityGroupID pulumi.StringOutput `pulumi:"securityGroupId"`
	// HostSecurityGroupID is the same, known when its members reach each other and what they need.
	HostSecurityGroupID pulumi.StringOutput

	publicSubnetID pulumi.StringOutput
}

// NewNetwork makes the network, or takes the user's own after checking it against the plan.
func NewNetwork(ctx *pulumi.Context, name string, args *NetworkArgs, opts ...pulumi.ResourceOption) (*Network, error) {
	n := &Network{SubnetIDs: map[string]pulumi.StringOutput{}, HostSubnetIDs: map[string]pulumi.StringOutput{}}
	if err := ctx.RegisterComponentResource("kafkalink:aws:Network", name, n, opts...); err != nil {
		return nil, err
	}
	var err error
	if n.ZoneNames, err = zoneNames(ctx, args.Plan.zones(), n); err != nil {
		return nil, err
	}
	build := n.create
	if args.Plan.Existing() {
		build = n.adopt
	}
	if err := build(ctx, name, args); err != nil {
		return nil, err
	}
	if err := n.filter(ctx, name, args); err != nil {
		return nil, err
	}
	if args.Plan.Bastion != nil {
		if err := n.bastion(ctx, name, args); err != nil {
			return nil, err
		}
	}
	return n, ctx.RegisterResourceOutputs(n, pulumi.Map{
		"vpcId":           n.VPCID,
		"subnetIds":       byZone(n.SubnetIDs),
		"securityGroupId": n.SecurityGroupID,
	})
}

func byZone(ids map[string]pulumi.StringOutput) pulumi.StringMap {
	all := pulumi.StringMap{}
	for zone, id := range ids {
		all[zone] = id
	}
	return all
}

func (n *Network) create(ctx *pulumi.Context, name string, args *NetworkArgs) error {
	plan := args.Plan
	vpc, err := ec2.NewVpc(ctx, name+"-vpc", &ec2.VpcArgs{
		CidrBlock:          pulumi.String(plan.AddressSpace),
		EnableDnsSupport:   pulumi.Bool(true),
		EnableDnsHostnames: pulumi.Bool(true),
		Tags:               named(args.Tags, plan.Name, nil),
	}, pulumi.Parent(n))
	if err != nil {
		return err
	}
	n.VPCID = vpc.ID().ToStringOutput()
	var out *ec2.RouteTable
	var way *ec2.Route
	if plan.Outbound == address.OutboundNATGateway || plan.Bastion != nil {
		if out, way, err = n.outbound(ctx, name, args); err != nil {
			return err
		}
	}
	for _, s := range plan.Brokers {
		subnet, err := n.subnet(ctx, name+"-broker-subnet-"+s.Zone, s, false, args)
		if err != nil {
			return err
		}
		n.SubnetIDs[s.Zone], n.HostSubnetIDs[s.Zone] = subnet.ID().ToStringOutput(), subnet.ID().ToStringOutput()
		if way == nil {
			continue
		}
		association, err := ec2.NewRouteTableAssociation(ctx, name+"-broker-routes-"+s.Zone, &ec2.RouteTableAssociationArgs{
			RouteTableId: out.ID(), SubnetId: subnet.ID(),
		}, pulumi.Parent(n))
		if err != nil {
			return err
		}
		n.HostSubnetIDs[s.Zone] = rolling.After(subnet.ID().ToStringOutput(), association, way)
	}
	return nil
}

// subnet lies in the zone of its id, whatever that is called in this account. A public one gives public addresses.
func (n *Network) subnet(ctx *pulumi.Context, name string, plan SubnetPlan, public bool, args *NetworkArgs) (*ec2.Subnet, error) {
	return ec2.NewSubnet(ctx, name, &ec2.SubnetArgs{
		VpcId:               n.VPCID,
		CidrBlock:           pulumi.String(plan.CIDR),
		AvailabilityZoneId:  pulumi.String(plan.Zone),
		MapPublicIpOnLaunch: pulumi.Bool(public),
		Tags:                named(args.Tags, plan.Name, nil),
	}, pulumi.Parent(n))
}

// adopt takes the user's own subnets. What the plan says of them is compared with what AWS says, because addresses and
// filters were computed from the plan.
func (n *Network) adopt(ctx *pulumi.Context, _ string, args *NetworkArgs) error {
	vpc := ""
	for i, s := range args.Plan.Brokers {
		found, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: pulumi.StringRef(s.ID)}, pulumi.Parent(n))
		path := fmt.Sprintf("network.brokerSubnets[%d]", i)
		switch {
		case err != nil:
			return fmt.Errorf("%s: cannot read %s; check the id, the region, and that these credentials may read it: %w", path, s.ID, err)
		case found.CidrBlock != s.CIDR:
			return fmt.Errorf("%s: the configuration says %s, AWS says %s; correct cidr", path, s.CIDR, found.CidrBlock)
		case found.AvailabilityZoneId != s.Zone:
			return fmt.Errorf("%s: the configuration says %s, AWS says %s (%s in this account); correct zone", path, s.Zone, found.AvailabilityZoneId, found.AvailabilityZone)
		case vpc != "" && found.VpcId != vpc:
			return fmt.Errorf("%s: it lies in %s, and the subnet before it in %s; give subnets of one VPC", path, found.VpcId, vpc)
		}
		vpc = found.VpcId
		id := pulumi.String(s.ID).ToStringOutput()
		n.SubnetIDs[s.Zone], n.HostSubnetIDs[s.Zone] = id, id
	}
	n.VPCID = pulumi.String(vpc).ToStringOutput()
	return nil
}
