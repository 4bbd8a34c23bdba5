package azure

import (
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// filter makes the security group of the brokers' interfaces. It sits on the interfaces, not on the subnet, so that it
// serves in the user's own subnet too, whatever else lives there.
func (n *Network) filter(ctx *pulumi.Context, name string, args *NetworkArgs) error {
	group, err := network.NewNetworkSecurityGroup(ctx, name+"-security-group", &network.NetworkSecurityGroupArgs{
		ResourceGroupName:        args.ResourceGroupName,
		NetworkSecurityGroupName: pulumi.String(args.Plan.SecurityGroup),
		SecurityRules:            securityRules(admissions(args.Cluster, args.Plan)),
		Tags:                     pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(n))
	if err != nil {
		return err
	}
	n.SecurityGroupID = group.ID().ToStringOutput()
	return nil
}

// admission is one inbound rule of the brokers' network security group.
type admission struct {
	name, why string
	from      []string // CIDRs or one service tag
	ports     []string
}

// admissions lists all that may reach a broker. Network security groups see the port after the load balancer has
// translated it, so a link is admitted to its listener port, from the subnet consumers appear to come from.
func admissions(c *kafka.Cluster, plan NetworkPlan) []admission {
	addresses := make([]string, 0, len(c.Nodes))
	for _, n := range c.Nodes {
		addresses = append(addresses, n.Address+"/32")
	}
	list := []admission{{
		name: "allow-cluster", why: "brokers and controllers among themselves",
		from: addresses, ports: []string{strconv.Itoa(c.Ports.Internal), strconv.Itoa(c.Ports.Controller)},
	}}
	var listeners []string
	for _, l := range c.Links {
		listeners = append(listeners, strconv.Itoa(l.ListenerPort))
		list = append(list, admission{
			name: "allow-link-" + l.Name, why: "consumers of link " + l.Name + ", as the Private Link Service translates them",
			from: []string{plan.NAT.CIDR}, ports: []string{strconv.Itoa(l.ListenerPort)},
		})
	}
	if len(listeners) > 0 {
		list = append(list, admission{
			name: "allow-probes", why: "the load balancers' health probes",
			from: []string{"AzureLoadBalancer"}, ports: listeners,
		})
	}
	if len(plan.Clients) > 0 {
		list = append(list, admission{
			name: "allow-clients", why: "applications beside the cluster",
			from: plan.Clients, ports: []string{strconv.Itoa(c.Ports.Internal)},
		})
	}
	if plan.Bastion != nil {
		list = append(list, admission{name: "allow-bastion", why: "SSH from Azure Bastion", from: []string{plan.Bastion.CIDR}, ports: []string{"22"}})
	}
	return list
}

// securityRules turns admissions into rules, and ends them with a deny: without one, Azure's own undeletable allows
// (VNet to VNet at 65000, probes at 65001) let in every machine of the network and of its peers.
func securityRules(list []admission) network.SecurityRuleTypeArray {
	rules := make(network.SecurityRuleTypeArray, 0, len(list)+1)
	for i, a := range list {
		rule := inbound(a.name, a.why, 100+10*i, "Allow", "Tcp")
		rule.DestinationPortRanges = pulumi.ToStringArray(a.ports)
		if len(a.from) == 1 {
			rule.SourceAddressPrefix = pulumi.String(a.from[0])
		} else {
			rule.SourceAddressPrefixes = pulumi.ToStringArray(a.from)
		}
		rules = append(rules, rule)
	}
	deny := inbound("deny-everything-else", "nothing else reaches a broker, the network's own neighbours included", 4096, "Deny", "*")
	deny.SourceAddressPrefix = pulumi.String("*")
	deny.DestinationPortRange = pulumi.String("*")
	return append(rules, deny)
}

func inbound(name, why string, priority int, access, protocol string) *network.SecurityRuleTypeArgs {
	return &network.SecurityRuleTypeArgs{
		Name:                     pulumi.String(name),
		Description:              pulumi.String(why),
		Priority:                 pulumi.Int(priority),
		Direction:                pulumi.String("Inbound"),
		Access:                   pulumi.String(access),
		Protocol:                 pulumi.String(protocol),
		SourcePortRange:          pulumi.String("*"),
		DestinationAddressPrefix: pulumi.String("*"),
	}
}
