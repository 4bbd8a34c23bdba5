package azure

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// NetworkArgs says where a cluster lives.
type NetworkArgs struct {
	// Cluster gives the addresses, ports and links that the filters admit.
	Cluster *kafka.Cluster `pulumi:"cluster"`
	// Plan, with its defaults, and valid.
	Plan NetworkPlan `pulumi:"plan"`
	// ResourceGroupName of everything made here.
	ResourceGroupName pulumi.StringInput `pulumi:"resourceGroupName"`
	// Tags of everything made here.
	Tags map[string]string `pulumi:"tags"`
}

// Network is a virtual network for brokers and for consumers' translated addresses, or the user's own subnets with a
// security group of ours for the brokers' interfaces.
type Network struct {
	pulumi.ResourceState

	// BrokersSubnetID and NATSubnetID are resource ids; the same one when the plan shares a subnet.
	BrokersSubnetID pulumi.StringOutput `pulumi:"brokersSubnetId"`
	NATSubnetID     pulumi.StringOutput `pulumi:"natSubnetId"`
	// SecurityGroupID belongs on every broker's network interface.
	SecurityGroupID pulumi.StringOutput `pulumi:"securityGroupId"`
}

// NewNetwork makes the network, or takes the user's own after checking it against the plan.
func NewNetwork(ctx *pulumi.Context, name string, args *NetworkArgs, opts ...pulumi.ResourceOption) (*Network, error) {
	n := &Network{}
	if err := ctx.RegisterComponentResource("kafkalink:azure:Network", name, n, opts...); err != nil {
		return nil, err
	}
	if err := n.filter(ctx, name, args); err != nil {
		return nil, err
	}
	build := n.create
	if args.Plan.Existing() {
		build = n.adopt
	}
	if err := build(ctx, name, args); err != nil {
		return nil, err
	}
	return n, ctx.RegisterResourceOutputs(n, pulumi.Map{
		"brokersSubnetId": n.BrokersSubnetID,
		"natSubnetId":     n.NATSubnetID,
		"securityGroupId": n.SecurityGroupID,
	})
}

func (n *Network) create(ctx *pulumi.Context, name string, args *NetworkArgs) error {
	plan := args.Plan
	vnet, err := network.NewVirtualNetwork(ctx, name+"-vnet", &network.VirtualNetworkArgs{
		ResourceGroupName:  args.ResourceGroupName,
		VirtualNetworkName: pulumi.String(plan.Name),
		AddressSpace:       &network.AddressSpaceArgs{AddressPrefixes: pulumi.StringArray{pulumi.String(plan.AddressSpace)}},
		Tags:               pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(n))
	if err != nil {
		return err
	}
	brokers := &network.SubnetArgs{
		ResourceGroupName:  args.ResourceGroupName,
		VirtualNetworkName: vnet.Name,
		SubnetName:         pulumi.String(plan.Brokers.Name),
		AddressPrefix:      pulumi.String(plan.Brokers.CIDR),
	}
	if plan.SharedSubnet() {
		brokers.PrivateLinkServiceNetworkPolicies = pulumi.String("Disabled")
	}
	if plan.Outbound == address.OutboundNATGateway {
		gateway, err := newNATGateway(ctx, name, args, n)
		if err != nil {
			return err
		}
		brokers.NatGateway = &network.SubResourceArgs{Id: gateway.ID()}
	}
	subnet, err := network.NewSubnet(ctx, name+"-brokers-subnet", brokers, pulumi.Parent(n))
	if err != nil {
		return err
	}
	// Azure changes one subnet of a network at a time and refuses the second meanwhile: each waits for the one before.
	last, nat := subnet, subnet
	if !plan.SharedSubnet() {
		nat, err = network.NewSubnet(ctx, name+"-nat-subnet", &network.SubnetArgs{
			ResourceGroupName:                 args.ResourceGroupName,
			VirtualNetworkName:                vnet.Name,
			SubnetName:                        pulumi.String(plan.NAT.Name),
			AddressPrefix:                     pulumi.String(plan.NAT.CIDR),
			PrivateLinkServiceNetworkPolicies: pulumi.String("Disabled"),
		}, pulumi.Parent(n), pulumi.DependsOn([]pulumi.Resource{last}))
		if err != nil {
			return err
		}
		last = nat
	}
	if plan.Bastion != nil {
		if last, err = newBastion(ctx, name, args, vnet, last, n); err != nil {
			return err
		}
	}
	// While one of a network's subnets is being written, Azure refuses what refers to another of them
	// (ReferencedResourceNotProvisioned): whatever is made in one waits for the last.
	n.BrokersSubnetID = rolling.After(subnet.ID().ToStringOutput(), last)
	n.NATSubnetID = rolling.After(nat.ID().ToStringOutput(), last)
	return nil
}

// adopt takes the user's own subnets. What the plan says of them is compared with what Azure says, because addresses
// and filters were computed from the plan.
func (n *Network) adopt(ctx *pulumi.Context, _ string, args *NetworkArgs) error {
	rm, err := ResourceManager(ctx, nil, pulumi.Parent(n))
	if err != nil {
		return err
	}
	brokers, err := lookupSubnet(ctx, rm, args.Plan.Brokers)
	if err != nil {
		return fmt.Errorf("network.brokersSubnet: %w", err)
	}
	nat := brokers
	if !args.Plan.SharedSubnet() {
		if nat, err = lookupSubnet(ctx, rm, args.Plan.NAT); err != nil {
			return fmt.Errorf("network.natSubnet: %w", err)
		}
	}
	if nat.Properties.PrivateLinkServiceNetworkPolicies != "Disabled" {
		return fmt.Errorf("network.natSubnet: %s has privateLinkServiceNetworkPolicies enabled, so no Private Link Service can use it; set them to Disabled on that subnet", args.Plan.NAT.ID)
	}
	n.BrokersSubnetID = pulumi.String(args.Plan.Brokers.ID).ToStringOutput()
	n.NATSubnetID = pulumi.String(args.Plan.NAT.ID).ToStringOutput()
	return nil
}

// subnet is one as Resource Manager describes it.
type subnet struct {
	Properties struct {
		AddressPrefix                     string   `json:"addressPrefix"`
		AddressPrefixes                   []string `json:"addressPrefixes"`
		PrivateLinkServiceNetworkPolicies string   `json:"privateLinkServiceNetworkPolicies"`
	} `json:"properties"`
}

// lookupSubnet asks Resource Manager by the whole id: the provider's function knows its own subscription alone, and a shared network
// may be of another.
func lookupSubnet(ctx *pulumi.Context, rm *resourcemanager.Client, plan SubnetPlan) (*subnet, error) {
	if _, ok := parseSubnetID(plan.ID); !ok {
		return nil, fmt.Errorf("%q is not the resource id of a subnet", plan.ID)
	}
	var found subnet
	if err := rm.Get(ctx.Context(), plan.ID, resourcemanager.Of(networkAPI), &found); err != nil {
		return nil, fmt.Errorf("cannot read %s; check the id and that these credentials may read it: %w", plan.ID, err)
	}
	prefixes := found.Properties.AddressPrefixes
	if found.Properties.AddressPrefix != "" {
		prefixes = append(prefixes, found.Properties.AddressPrefix)
	}
	if !slices.Contains(prefixes, plan.CIDR) {
		return nil, fmt.Errorf("the configuration says %s, Azure says %v; correct cidr", plan.CIDR, prefixes)
	}
	return &found, nil
}
