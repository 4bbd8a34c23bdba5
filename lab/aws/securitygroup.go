package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

// direction of a security group's rules.
type direction struct{ list, token string }

var (
	ingress = direction{"ingress", tokenIngressRule}
	egress  = direction{"egress", tokenEgressRule}
)

// filters are what security groups let through together: whatever a rule of one of them allows. There is nothing that they
// allow by themselves; a group without egress rules lets nothing out. None: nothing is filtered.
func (r *reader) filters(groups []string, way direction) []fabric.Filter {
	var names []string
	var rules []fabric.FilterRule
	for _, id := range groups {
		group, ok := r.Refer("a network interface or load balancer", id, tokenSecurityGroup)
		if !ok {
			continue
		}
		names = append(names, nameOf(group))
		for _, inline := range group.Properties.Objects(way.list) {
			rules = append(rules, r.inlineRules(group, inline, way)...)
		}
		for _, rule := range simcloud.ChildrenOf(r, way.token, group.ID) {
			p := rule.Properties
			peers := []string{p.Text("cidrIpv4") + p.Text("cidrIpv6") + p.Text("prefixListId") + p.Text("referencedSecurityGroupId")}
			if read, ok := r.filterRule(called("security group", group), called("rule", rule), p.Text("ipProtocol"), p, peers, way); ok {
				rules = append(rules, read)
			}
		}
	}
	switch len(names) {
	case 0:
		if len(groups) == 0 {
			return nil
		}
		return []fabric.Filter{{Name: "security groups that do not exist"}}
	case 1:
		return []fabric.Filter{{Name: "security group " + quoted(names), Rules: rules}}
	}
	return []fabric.Filter{{Name: "security groups " + quoted(names), Rules: rules}}
}

// inlineRules are those of one entry of a group's own list.
func (r *reader) inlineRules(group *simcloud.Resource, p simcloud.Properties, way direction) []fabric.FilterRule {
	peers := slices.Concat(p.Texts("cidrBlocks"), p.Texts("ipv6CidrBlocks"), p.Texts("prefixListIds"), p.Texts("securityGroups"))
	if p.True("self") {
		peers = append(peers, group.ID)
	}
	read, ok := r.filterRule(called("security group", group), "rule in its own list", p.Text("protocol"), p, peers, way)
	if !ok {
		return nil
	}
	return []fabric.FilterRule{read}
}

// filterRule reads one rule; ok is false if no packet of the lab can match it.
func (r *reader) filterRule(group, name, protocol string, p simcloud.Properties, peers []string, way direction) (fabric.FilterRule, bool) {
	read := fabric.FilterRule{Name: name, Allow: true}
	owner := group + ", " + name
	switch protocol = strings.ToLower(protocol); protocol {
	case "-1", "all":
	case "6", "tcp":
		read.Protocol = "tcp"
	case "17", "udp":
		read.Protocol = "udp"
	case "1", "icmp":
		read.Protocol = "icmp"
	default:
		r.Say("%s: protocol %q is not modelled, the rule is left out", owner, protocol)
		return read, false
	}
	if read.Protocol == "tcp" || read.Protocol == "udp" {
		first, isPort := reading.PortOrZero(p.Number("fromPort"))
		last, isAlsoPort := reading.PortOrZero(p.Number("toPort"))
		if !isPort || !isAlsoPort || first > last {
			r.Say("%s: %v to %v are no ports, the rule is left out", owner, p.Get("fromPort"), p.Get("toPort"))
			return read, false
		}
		if first != 0 || last != 65535 {
			read.DestinationPorts = []fabric.PortRange{{First: first, Last: last}}
		}
	}
	prefixes, some := r.peers(owner, peers)
	if way == ingress {
		read.Sources = prefixes
	} else {
		read.Destinations = prefixes
	}
	return read, some
}

// peers are the addresses at a rule's other end. None at all with some means every address; some is false if there is none.
func (r *reader) peers(owner string, peers []string) (prefixes []netip.Prefix, some bool) {
	for _, peer := range peers {
		if !strings.Contains(peer, "/") {
			if _, ok := r.Find(peer, tokenSecurityGroup); !ok {
				r.Say("%s: %q is neither a range nor a security group that exists, and matches nothing", owner, peer)
				continue
			}
			for _, member := range r.members(peer) {
				prefixes = append(prefixes, single(member))
			}
			continue
		}
		prefix, ok := r.Prefix(owner, peer, "no range of addresses")
		if !ok {
			continue
		}
		if prefix == reading.Everything {
			return nil, true
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes, len(prefixes) > 0
}

// members are the addresses of whatever has a security group.
func (r *reader) members(group string) (addresses []netip.Addr) {
	for _, p := range r.places {
		if slices.Contains(p.groups, group) {
			addresses = append(addresses, p.address)
		}
	}
	for _, balancer := range r.List(tokenLoadBalancer) {
		if !slices.Contains(balancer.Properties.Texts("securityGroups"), group) {
			continue
		}
		for _, at := range r.nodeAddresses(balancer) {
			addresses = append(addresses, at)
		}
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses)
}
