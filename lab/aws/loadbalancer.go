package aws

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

// defaultIdle is after how long a listener that does not say it forgets an idle connection, and an endpoint, which cannot be
// told otherwise.
const defaultIdle = 350 * time.Second

// nodeAddresses are the addresses of a load balancer's nodes, by subnet.
func (r *reader) nodeAddresses(balancer *simcloud.Resource) map[string]netip.Addr {
	addresses := map[string]netip.Addr{}
	for subnet, text := range cloud.NodeAddresses(balancer) {
		if address, err := netip.ParseAddr(text); err == nil && address.Is4() {
			addresses[subnet] = address
		}
	}
	return addresses
}

// nodes are a network load balancer's, one in each of its zones.
func (r *reader) nodes(balancer *simcloud.Resource) (nodes []fabric.Node) {
	p := balancer.Properties
	name := called("load balancer", balancer)
	if p.Text("loadBalancerType") != "network" {
		r.Say("%s is no network load balancer, and is left out", name)
		return nil
	}
	if !p.True("internal") {
		r.Say("%s: nothing from the internet reaches its public addresses", name)
	}
	addresses := r.nodeAddresses(balancer)
	for _, id := range slices.Sorted(maps.Keys(addresses)) {
		subnet, ok := r.Find(id, tokenSubnet)
		if !ok {
			continue
		}
		if holder := r.holderOf(addresses[id], nodes); holder != "" {
			r.Say("%s: its address %s in %s is that of %s, and it is left out there", name, addresses[id], called("subnet", subnet), holder)
			continue
		}
		node := fabric.Node{
			Name: name + " in " + zoneOf(subnet), Balancer: balancer.Computed.Text("dnsName"), Zone: zoneOf(subnet), Address: addresses[id],
			LinkPasses: p.Text("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic") == "off",
		}
		if groups := p.Texts("securityGroups"); len(groups) > 0 {
			node.Inbound, node.Outbound = r.filters(groups, ingress), r.filters(groups, egress)
		}
		nodes = append(nodes, node)
	}
	slices.SortFunc(nodes, func(a, b fabric.Node) int { return strings.Compare(a.Zone, b.Zone) })
	return nodes
}

func (r *reader) holderOf(address netip.Addr, nodes []fabric.Node) string {
	for _, p := range r.places {
		if p.address == address {
			return p.name
		}
	}
	for _, n := range nodes {
		if n.Address == address {
			return n.Name
		}
	}
	return ""
}

// rules are what each node does at each listener's port.
func (r *reader) rules(balancer *simcloud.Resource, nodes []fabric.Node) (rules []fabric.Rule) {
	listeners := simcloud.ChildrenOf(r, tokenListener, balancer.ID)
	slices.SortStableFunc(listeners, func(a, b *simcloud.Resource) int {
		return int(a.Properties.Number("port")) - int(b.Properties.Number("port"))
	})
	for _, listener := range listeners {
		p := listener.Properties
		name := fmt.Sprintf("%s, listener %v", called("load balancer", balancer), p.Get("port"))
		front, isPort := reading.Port(p.Number("port"))
		if p.Text("protocol") != "TCP" || !isPort {
			r.Say("%s: protocol %q and port %v are not modelled, the listener is left out", name, p.Text("protocol"), p.Get("port"))
			continue
		}
		group, ok := r.groupBehind(name, listener)
		if !ok {
			continue
		}
		idle := fabric.Idle{After: defaultIdle, Resets: true}
		if seconds := p.Number("tcpIdleTimeoutSeconds"); seconds > 0 {
			idle.After = time.Duration(seconds * float64(time.Second))
		}
		targets := r.targets(group)
		for _, node := range nodes {
			rule := r.groupRule(group)
			rule.Name = fmt.Sprintf("%s, listener %d", node.Name, front)
			rule.Frontend = netip.AddrPortFrom(node.Address, front)
			rule.Idle = idle
			for _, t := range targets {
				if t.zone == node.Zone || t.zone == "" || crossesZones(balancer, group) {
					rule.Targets = append(rule.Targets, t.Target)
				}
			}
			if len(rule.Targets) == 0 && len(targets) > 0 {
				rule.Without = fmt.Sprintf("all targets are in other zones (%s), and cross-zone load balancing is off", zonesOf(targets))
			}
			rules = append(rules, rule)
		}
	}
	return rules
}

// groupBehind is the target group that a listener forwards to.
func (r *reader) groupBehind(name string, listener *simcloud.Resource) (*simcloud.Resource, bool) {
	id := ""
	for _, action := range listener.Properties.Objects("defaultActions") {
		id = action.Text("targetGroupArn")
		for _, group := range action.Objects("forward.targetGroups") {
			id = group.Text("arn")
		}
	}
	if id == "" {
		r.Say("%s: it forwards to no target group, and is left out", name)
	}
	return r.Refer(name, id, tokenTargetGroup)
}

// crossesZones says whether a load balancer's node leads to targets of other zones.
func crossesZones(balancer, group *simcloud.Resource) bool {
	switch group.Properties.Text("loadBalancingCrossZoneEnabled") {
	case "true":
		return true
	case "false":
		return false
	}
	return balancer.Properties.True("enableCrossZoneLoadBalancing")
}

// zonedTarget is a target, and the zone it is in.
type zonedTarget struct {
	fabric.Target
	zone string
}

func zonesOf(targets []zonedTarget) string {
	var zones []string
	for _, t := range targets {
		zones = append(zones, t.zone)
	}
	slices.Sort(zones)
	return strings.Join(slices.Compact(zones), ", ")
}

// targets are those of a target group, in the order of their addresses.
func (r *reader) targets(group *simcloud.Resource) (targets []zonedTarget) {
	name := called("target group", group)
	for _, attachment := range simcloud.ChildrenOf(r, tokenAttachment, group.ID) {
		p := attachment.Properties
		number := group.Properties.Number("port")
		if p.Has("port") {
			number = p.Number("port")
		}
		at, isPort := reading.Port(number)
		address, ok := r.targetAddress(group, p.Text("targetId"))
		if !isPort || !ok {
			r.Say("%s: target %q, port %v, is none, and is left out", name, p.Text("targetId"), number)
			continue
		}
		target := zonedTarget{Target: fabric.Target{Address: netip.AddrPortFrom(address, at)}}
		for _, place := range r.places {
			if place.address == address {
				target.Interface = place.id
			}
		}
		for _, subnet := range r.List(tokenSubnet) {
			prefix, ok := prefixOf(subnet)
			if ok && prefix.Contains(address) && subnet.Properties.Text("vpcId") == group.Properties.Text("vpcId") && p.Text("availabilityZone") != "all" {
				target.zone = zoneOf(subnet)
			}
		}
		targets = append(targets, target)
	}
	slices.SortStableFunc(targets, func(a, b zonedTarget) int { return a.Address.Compare(b.Address) })
	return targets
}

func (r *reader) targetAddress(group *simcloud.Resource, target string) (netip.Addr, bool) {
	if group.Properties.Text("targetType") == "instance" {
		for _, p := range r.places {
			if p.machine != nil && p.machine.ID == target {
				return p.address, true
			}
		}
		return netip.Addr{}, false
	}
	address, err := netip.ParseAddr(target)
	return address, err == nil && address.Is4()
}

// groupRule is what a target group says of every rule that leads to it: its health checks, and what becomes of packets and
// of the load balancer's name when too few targets are healthy.
func (r *reader) groupRule(group *simcloud.Resource) (rule fabric.Rule) {
	p := group.Properties
	name := called("target group", group)
	if p.Text("preserveClientIp") == "true" {
		r.Say("%s: targets see the load balancer's address, although preserveClientIp is true", name)
	}
	if p.True("proxyProtocolV2") {
		r.Say("%s: no proxy protocol header is sent", name)
	}
	if p.True("stickiness.enabled") {
		r.Say("%s: connections go to any target, although stickiness is enabled", name)
	}
	check := p.Object("healthCheck")
	probe := fabric.Probe{
		Name: "health check of " + name, Interval: 30 * time.Second, Timeout: 10 * time.Second, Threshold: 3, Patience: 3,
	}
	if protocol := check.Text("protocol"); protocol != "TCP" {
		r.Say("%s: its health check of protocol %q is asked over TCP only: any answer counts as healthy", name, protocol)
	}
	for _, number := range []struct {
		name string
		set  func(int)
	}{
		{"interval", func(n int) { probe.Interval = time.Duration(n) * time.Second }},
		{"timeout", func(n int) { probe.Timeout = time.Duration(n) * time.Second }},
		{"healthyThreshold", func(n int) { probe.Threshold = n }},
		{"unhealthyThreshold", func(n int) { probe.Patience = n }},
	} {
		if n := int(check.Number(number.name)); n > 0 && n < 10000 {
			number.set(n)
		}
	}
	if at, err := strconv.ParseUint(check.Text("port"), 10, 16); err == nil && at > 0 {
		probe.Port = uint16(at)
	} else {
		probe.OwnPort = true
	}
	rule.Probe = probe
	rule.FailOpen = max(int(p.Number("targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount")), 1)
	rule.KeepsName = 1
	if count := p.Text("targetGroupHealth.dnsFailover.minimumHealthyTargetsCount"); count != "" {
		rule.KeepsName, _ = strconv.Atoi(count) // off: 0
	}
	for _, share := range []string{"dnsFailover", "unhealthyStateRouting"} {
		if text := p.Text("targetGroupHealth." + share + ".minimumHealthyTargetsPercentage"); text != "" && text != "off" {
			r.Say("%s: percentages of healthy targets (%s) are not modelled, only counts", name, share)
		}
	}
	return rule
}
