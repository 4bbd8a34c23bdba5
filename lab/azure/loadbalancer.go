package azure

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

// rules are those of all load balancers. Who is in a pool is written on the interfaces.
func (r *reader) rules(interfaces []fabric.Interface) []fabric.Rule {
	var rules []fabric.Rule
	for _, balancer := range r.List(tokenLoadBalancer) {
		for _, pool := range balancer.Properties.Objects("backendAddressPools") {
			if reading.Given(pool, "loadBalancerBackendAddresses") {
				r.Say("%s, pool %q: its members by address are left out", called("load balancer", balancer.ID), pool.Text("name"))
			}
		}
		for _, rule := range balancer.Properties.Objects("loadBalancingRules") {
			if read, ok := r.rule(balancer, rule, interfaces); ok {
				rules = append(rules, read)
			}
		}
	}
	return rules
}

func (r *reader) rule(
	balancer *simcloud.Resource, rule simcloud.Properties, interfaces []fabric.Interface,
) (fabric.Rule, bool) {
	read := fabric.Rule{Name: fmt.Sprintf("%s, rule %q", called("load balancer", balancer.ID), rule.Text("name"))}
	leftOut := func(why string, arguments ...any) (fabric.Rule, bool) {
		r.Say("%s: %s, the rule is left out", read.Name, fmt.Sprintf(why, arguments...))
		return read, false
	}
	address, err := r.frontend(balancer, rule.Text("frontendIPConfiguration.id"))
	if err != nil {
		return leftOut("%v", err)
	}
	protocol := rule.Text("protocol")
	if strings.EqualFold(protocol, "All") {
		return leftOut("all ports at once (high availability ports) are not modelled")
	}
	if !strings.EqualFold(protocol, "Tcp") {
		return leftOut("protocol %q is not modelled", protocol)
	}
	if rule.True("enableFloatingIP") {
		return leftOut("floating IP is not modelled")
	}
	front, isPort := reading.Port(rule.Number("frontendPort"))
	back, isAlsoPort := reading.Port(rule.Number("backendPort"))
	if !isPort || !isAlsoPort {
		return leftOut("frontend port %v and backend port %v are no ports", rule.Get("frontendPort"), rule.Get("backendPort"))
	}
	if distribution := rule.Text("loadDistribution"); distribution != "" && distribution != "Default" {
		r.Say("%s: load distribution %s is not modelled, connections go to any member", read.Name, distribution)
	}
	read.Frontend = netip.AddrPortFrom(address, front)
	for _, member := range interfaces {
		if r.serves(balancer, rule, member) {
			target := fabric.Target{Interface: member.ID, Address: netip.AddrPortFrom(member.Address, back)}
			read.Targets = append(read.Targets, target)
		}
	}
	read.Probe = r.probe(balancer, read.Name, rule.Text("probe.id"))
	read.Idle = fabric.Idle{After: defaultIdle, Resets: rule.True("enableTcpReset")}
	if minutes := rule.Number("idleTimeoutInMinutes"); minutes > 0 {
		read.Idle.After = time.Duration(minutes * float64(time.Minute))
	}
	return read, true
}

// frontend is the private address of a load balancer's frontend.
func (r *reader) frontend(balancer *simcloud.Resource, id string) (netip.Addr, error) {
	frontend, ok := r.part(balancer, "frontendIPConfigurations", id)
	if !ok {
		return netip.Addr{}, fmt.Errorf("frontend %q does not exist", nameOf(id))
	}
	if reading.Given(frontend, "publicIPAddress") || reading.Given(frontend, "publicIPPrefix") {
		return netip.Addr{}, fmt.Errorf("frontend %q is public, which is not modelled", nameOf(id))
	}
	if reading.Given(frontend, "gatewayLoadBalancer") {
		return netip.Addr{}, fmt.Errorf("frontend %q goes through a gateway load balancer, which is not modelled", nameOf(id))
	}
	address, ok := reading.Address(frontend, "privateIPAddress")
	if !ok {
		return netip.Addr{}, fmt.Errorf("frontend %q has no IPv4 address", nameOf(id))
	}
	return address, nil
}

// serves says whether an interface is in a pool that a rule sends to.
func (r *reader) serves(balancer *simcloud.Resource, rule simcloud.Properties, member fabric.Interface) bool {
	nic, ok := r.Get(member.ID)
	if !ok {
		return false
	}
	for _, pool := range append(rule.Objects("backendAddressPools"), rule.Object("backendAddressPool")) {
		if _, exists := r.part(balancer, "backendAddressPools", pool.Text("id")); !exists {
			continue
		}
		for _, membership := range r.primaryConfiguration(nic).Objects("loadBalancerBackendAddressPools") {
			if r.Same(membership.Text("id"), pool.Text("id")) {
				return true
			}
		}
	}
	return false
}

// defaultIdle is after how long a rule that does not say it forgets an idle connection.
const defaultIdle = 4 * time.Minute

// What Azure takes for a probe that does not say it. numberOfProbes counts for nothing: Azure does not respect it, but
// probeThreshold (learn.microsoft.com, "What's new in Azure Load Balancer?", known issues).
const (
	defaultProbeInterval  = 15 * time.Second
	defaultProbeThreshold = 1
)

// probe reads a rule's probe. A rule without one takes all its targets for healthy, as Azure does.
func (r *reader) probe(balancer *simcloud.Resource, rule, id string) fabric.Probe {
	if id == "" {
		return fabric.Probe{}
	}
	probe, ok := r.part(balancer, "probes", id)
	if !ok {
		r.Say("%s: probe %q does not exist: all targets count as healthy", rule, nameOf(id))
		return fabric.Probe{}
	}
	name := fmt.Sprintf("probe %q", probe.Text("name"))
	if protocol := probe.Text("protocol"); !strings.EqualFold(protocol, "Tcp") {
		r.Say("%s: %s of protocol %q is asked over TCP only: any answer counts as healthy", rule, name, protocol)
	}
	asked, ok := reading.Port(probe.Number("port"))
	if !ok {
		r.Say("%s: %s has no port: all targets count as healthy", rule, name)
		return fabric.Probe{}
	}
	read := fabric.Probe{Name: name, Port: asked, Interval: defaultProbeInterval, Threshold: defaultProbeThreshold}
	if seconds := probe.Number("intervalInSeconds"); seconds > 0 {
		read.Interval = time.Duration(seconds * float64(time.Second))
	}
	if threshold := int(probe.Number("probeThreshold")); threshold > 0 {
		read.Threshold = threshold
	}
	return read
}
