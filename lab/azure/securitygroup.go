package azure

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenSecurityGroup = "azure-native:network:NetworkSecurityGroup"

// filters are the network security groups that packets to and from an interface have to pass. Inbound, Azure asks the
// subnet's group first, outbound the interface's (learn.microsoft.com, "How network security groups filter network
// traffic"). They see a load balancer's packets as the backend does: with the sender's address and the backend's own.
func (r *reader) filters(nic, subnet, network *simcloud.Resource) (inbound, outbound []fabric.Filter) {
	space := r.spaceOf(network)
	for _, owner := range []struct {
		*simcloud.Resource
		kind, suffix string
	}{
		{subnet, "subnet", " of " + called("subnet", subnet.ID)}, {nic, "network interface", ""},
	} {
		group, ok := r.Refer(called(owner.kind, owner.ID), owner.Properties.Text("networkSecurityGroup.id"), tokenSecurityGroup)
		if !ok {
			continue
		}
		name := called("network security group", group.ID)
		in, out := fabric.Filter{Name: name + owner.suffix}, fabric.Filter{Name: name + owner.suffix}
		for _, rule := range r.securityRules(group) {
			read, ok := r.filterRule(name, rule, space)
			switch direction := rule.Text("direction"); {
			case !ok:
			case strings.EqualFold(direction, "Inbound"):
				in.Rules = append(in.Rules, read)
			case strings.EqualFold(direction, "Outbound"):
				out.Rules = append(out.Rules, read)
			default:
				r.Say("%s, %s: direction %q is none, the rule is left out", name, read.Name, direction)
			}
		}
		inbound, outbound = append(inbound, in), append(outbound, out)
	}
	slices.Reverse(outbound)
	return inbound, outbound
}

// securityRule is a rule and its name.
type securityRule struct {
	simcloud.Properties
	name string
}

// securityRules are a group's own rules, whether they are resources or are written in it, and Azure's, in the order in
// which they are asked.
func (r *reader) securityRules(group *simcloud.Resource) []securityRule {
	var rules []securityRule
	for _, child := range simcloud.ChildrenOf(r, tokenSecurityRule, group.ID) {
		rules = append(rules, securityRule{child.Properties, nameOf(child.ID)})
	}
	for _, inline := range group.Properties.Objects("securityRules") {
		isChild := func(rule securityRule) bool { return strings.EqualFold(rule.name, inline.Text("name")) }
		if !slices.ContainsFunc(rules, isChild) {
			rules = append(rules, securityRule{inline, inline.Text("name")})
		}
	}
	slices.SortStableFunc(rules, func(a, b securityRule) int {
		return cmp.Compare(a.Number("priority"), b.Number("priority"))
	})
	return append(rules, defaultSecurityRules...)
}

// defaultSecurityRules end every group, and cannot be removed.
var defaultSecurityRules = []securityRule{
	defaultRule("AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
	defaultRule("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*"),
	defaultRule("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*"),
	defaultRule("AllowVnetOutBound", 65000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
	defaultRule("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet"),
	defaultRule("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*"),
}

func defaultRule(name string, priority float64, direction, access, from, to string) securityRule {
	return securityRule{simcloud.Properties{
		"priority": priority, "direction": direction, "access": access, "protocol": "*",
		"sourceAddressPrefix": from, "sourcePortRange": "*", "destinationAddressPrefix": to, "destinationPortRange": "*",
	}, name}
}

// filterRule reads one rule; ok is false if no packet of the lab can match it.
func (r *reader) filterRule(group string, rule securityRule, space addressSpace) (read fabric.FilterRule, ok bool) {
	label := fmt.Sprintf("rule %q (priority %v)", rule.name, rule.Number("priority"))
	name := group + ", " + label
	read = fabric.FilterRule{Name: label, Allow: strings.EqualFold(rule.Text("access"), "Allow")}
	switch protocol := strings.ToLower(rule.Text("protocol")); protocol {
	case "*":
	case "tcp", "udp", "icmp":
		read.Protocol = protocol
	default:
		r.Say("%s: protocol %q is not modelled, the rule is left out", name, rule.Text("protocol"))
		return read, false
	}
	for _, side := range []string{"source", "destination"} {
		if reading.Given(rule.Properties, side+"ApplicationSecurityGroups") {
			r.Say("%s: its %s application security groups are left out", name, side)
		}
	}
	hosts := func(one, many string) ([]netip.Prefix, bool) { return r.prefixes(name, both(rule, one, many), space) }
	ports := func(one, many string) ([]fabric.PortRange, bool) { return r.ports(name, both(rule, one, many)) }
	var some [4]bool
	read.Sources, some[0] = hosts("sourceAddressPrefix", "sourceAddressPrefixes")
	read.SourcePorts, some[1] = ports("sourcePortRange", "sourcePortRanges")
	read.Destinations, some[2] = hosts("destinationAddressPrefix", "destinationAddressPrefixes")
	read.DestinationPorts, some[3] = ports("destinationPortRange", "destinationPortRanges")
	if some != [4]bool{true, true, true, true} {
		r.Say("%s matches nothing that is modelled, and is left out", name)
		return read, false
	}
	return read, true
}

// both are the values of a property that has a form for one and a form for many.
func both(rule securityRule, one, many string) []string {
	values := rule.Texts(many)
	if value := rule.Text(one); value != "" {
		values = append(values, value)
	}
	return values
}
