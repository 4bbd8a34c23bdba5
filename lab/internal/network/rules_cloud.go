package network

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// The devices of the namespace "vnet", beside those to hosts.
const (
	toLink     = "link"
	toInternet = "internet"
)

// private are addresses that the internet does not have.
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"),
}

// cloud is what the rules of the virtual networks are made from.
type cloud struct {
	fabric  fabric.Fabric
	mirror  netip.Addr
	beside  []netip.Addr // what this namespace serves to machines
	ports   []port
	healthy func(fabric.Rule, fabric.Target) bool
}

// port is where a host is plugged in.
type port struct {
	fabric.Interface
	number int    // of its host
	down   string // why nothing answers there; "" if something may
}

func (p port) device() string { return fmt.Sprintf("h%d", p.number) }

func (p port) chain(direction string) string { return fmt.Sprintf("%s_%d", direction, p.number) }

// rules follow a packet: load balancer, the filters of where it comes from, the route, the filters of where it goes,
// arrival, and the translation of its source on the way out.
func (c cloud) rules() *ruleset {
	r := newRuleset(cloudNetwork)
	tracing(r)
	forgotten(r, c.flows())
	c.admission(r)
	c.balance(r)
	r.chain("forward", "filter hook forward priority filter; policy drop", func() {
		r.line("ct state established,related goto arrival")
		r.decide(decision{what: "a packet of no connection that is known", kind: KindRoute}, "ct state invalid", "drop")
		if len(c.fabric.Nodes) > 0 {
			r.line("ct original ip daddr %s goto balanced", set(c.nodes(nil)))
		}
		jumps(r, "iifname", "outbound", c.ports, func(p port) []fabric.Filter { return p.Outbound })
		r.line("jump route")
		jumps(r, "oifname", "inbound", c.ports, func(p port) []fabric.Filter { return p.Inbound })
		r.line("goto arrival")
	})
	c.balanced(r)
	for _, p := range c.ports {
		filters(r, p.Name, p.ID, p.chain("outbound"), "outbound", p.Outbound)
	}
	c.route(r)
	for _, p := range c.ports {
		filters(r, p.Name, p.ID, p.chain("inbound"), "inbound", p.Inbound)
	}
	c.arrival(r)
	c.translate(r)
	c.delivery(r)
	c.probes(r)
	return r
}

func (c cloud) balance(r *ruleset) {
	r.chain("balance", "nat hook prerouting priority dstnat; policy accept", func() {
		for n, rule := range c.fabric.Rules {
			match := fmt.Sprintf("ip daddr %s tcp dport %d", rule.Frontend.Addr(), rule.Frontend.Port())
			if len(c.targets(rule)) == 0 {
				what := rule.Name + ": none of its targets is healthy"
				switch {
				case rule.Without != "":
					what = rule.Name + ": " + rule.Without
				case len(rule.Targets) == 0:
					what = rule.Name + ": it has no targets"
				}
				r.decide(decision{what: what, kind: KindBalancer, rule: &rule}, match, "drop")
				continue
			}
			what := fmt.Sprintf("%s: takes %s", rule.Name, rule.Frontend)
			if c.failsOpen(rule) {
				what += ", and sends to all of its targets, as too few are healthy"
			}
			r.decide(decision{what: what, kind: KindBalancer, rule: &rule}, match, fmt.Sprintf("goto rule_%d", n+1))
		}
		for _, frontend := range c.frontends() {
			what := fmt.Sprintf("frontend %s: no load balancer rule for this port", frontend)
			r.decide(decision{what: what, kind: KindBalancer}, fmt.Sprintf("ip daddr %s", frontend), "drop")
		}
	})
	for n, rule := range c.fabric.Rules {
		targets := c.targets(rule)
		if len(targets) == 0 {
			continue
		}
		r.chain(fmt.Sprintf("rule_%d", n+1), "", func() {
			for i, target := range targets {
				// Every packet of a connection has the same sum, so a repeated SYN goes to the target it went to before.
				match := "meta l4proto tcp"
				if len(targets) > 1 {
					connection := "ip saddr . ip daddr . tcp sport . tcp dport"
					match = fmt.Sprintf("jhash %s mod %d seed 0x1 %d", connection, len(targets), i)
				}
				d := decision{kind: KindTarget, iface: target.Interface, rule: &rule, target: &target,
					what: fmt.Sprintf("%s: to %s of %s", rule.Name, target.Address, c.name(target.Interface))}
				r.decide(d, match, "dnat to "+target.Address.String())
			}
		})
	}
}

// targets gives a rule's targets that get packets.
func (c cloud) targets(rule fabric.Rule) []fabric.Target {
	healthy := c.healthyTargets(rule)
	if len(healthy) < rule.FailOpen {
		return rule.Targets
	}
	return healthy
}

func (c cloud) failsOpen(rule fabric.Rule) bool {
	healthy := len(c.healthyTargets(rule))
	return healthy < rule.FailOpen && healthy < len(rule.Targets)
}

func (c cloud) healthyTargets(rule fabric.Rule) []fabric.Target {
	var healthy []fabric.Target
	for _, t := range rule.Targets {
		if c.healthy(rule, t) {
			healthy = append(healthy, t)
		}
	}
	return healthy
}

// frontends gives the addresses of load balancers, also one that only a service still knows.
func (c cloud) frontends() []netip.Addr {
	var found []netip.Addr
	for _, rule := range c.fabric.Rules {
		found = append(found, rule.Frontend.Addr())
	}
	for _, node := range c.fabric.Nodes {
		found = append(found, node.Address)
	}
	for _, service := range c.fabric.Services {
		if service.Frontend.Is4() {
			found = append(found, service.Frontend)
		}
	}
	slices.SortFunc(found, netip.Addr.Compare)
	return slices.Compact(found)
}

func (c cloud) route(r *ruleset) {
	r.chain("route", "", func() {
		networks := map[string][]string{}
		var names []string
		for _, p := range c.ports {
			if networks[p.Network] == nil {
				names = append(names, p.Network)
			}
			networks[p.Network] = append(networks[p.Network], p.device())
		}
		for _, name := range names {
			var others []string
			for _, p := range c.ports {
				if p.Network != name {
					others = append(others, p.device())
				}
			}
			if len(others) > 0 {
				d := decision{what: fmt.Sprintf("from virtual network %s to another", name), kind: KindRoute}
				r.decide(d, fmt.Sprintf("iifname %s oifname %s", set(networks[name]), set(others)), "drop")
			}
		}
		d := decision{what: "a private link service's own address takes no connections", kind: KindRoute}
		r.decide(d, "oifname "+toLink, "drop")
		d = decision{what: "from the internet, and no answer to anything", kind: KindRoute}
		r.decide(d, "iifname "+toInternet, "drop")
		r.line("oifname %s goto egress", toInternet)
	})
	r.chain("egress", "", func() {
		unused := slices.Clone(private)
		for _, p := range c.ports {
			unused = append(unused, p.Subnet)
		}
		nobody, _ := addresses("ip daddr", unused)
		if c.mirror.IsValid() {
			nobody = fmt.Sprintf("ip daddr != %s %s", c.mirror, nobody)
		}
		r.decide(decision{what: "no network interface has this address", kind: KindRoute}, nobody, "drop")
		for _, p := range c.ports {
			d := decision{what: p.Name + ": no way out to the internet", kind: KindRoute}
			statement := "drop"
			if p.Egress.Through != "" {
				d.what, statement = fmt.Sprintf("%s: to the internet through %s", p.Name, p.Egress.Through), "accept"
			}
			r.decide(d, "iifname "+p.device(), statement)
		}
		r.decide(decision{what: "a private link does not lead to the internet", kind: KindRoute}, "", "drop")
	})
}

func (c cloud) arrival(r *ruleset) {
	r.chain("arrival", "", func() {
		for _, p := range c.ports {
			if p.down != "" {
				d := decision{what: p.Name + ": " + p.down, kind: KindMachine, iface: p.ID}
				r.decide(d, "oifname "+p.device(), "drop")
				continue
			}
			d := decision{what: fmt.Sprintf("%s: %s got it", p.Name, p.Address), kind: KindHost, iface: p.ID}
			r.decide(d, fmt.Sprintf("oifname %s ct state new", p.device()), "accept")
		}
		r.line("accept")
	})
}

func (c cloud) translate(r *ruleset) {
	r.chain("translate", "nat hook postrouting priority srcnat; policy accept", func() {
		for _, p := range c.ports {
			if p.Egress.Through != "" {
				d := decision{kind: KindSource, what: fmt.Sprintf("%s: source translated to %s of %s",
					p.Name, p.Egress.Address, p.Egress.Through)}
				match := fmt.Sprintf("oifname %s ip saddr %s", toInternet, p.Address)
				r.decide(d, match, "snat to "+p.Egress.Address.String())
			}
		}
		c.translateNodes(r)
	})
}

// probes are the only thing that this namespace itself says and hears, beside what it serves.
func (c cloud) probes(r *ruleset) {
	probers := c.nodes(nil)
	if c.fabric.Prober.IsValid() {
		probers = append([]string{c.fabric.Prober.String()}, probers...)
	}
	r.chain("input", "filter hook input priority filter; policy drop", func() {
		r.line("ct state established,related accept")
		if devices := c.devices(); len(c.beside) > 0 && len(devices) > 0 {
			r.line("iifname %s ip daddr %s accept", set(devices), set(texts(c.beside)))
		}
		for _, prober := range probers {
			what := fmt.Sprintf("%s sends health probes and takes no connections", prober)
			r.decide(decision{what: what, kind: KindRoute}, fmt.Sprintf("ip daddr %s", prober), "drop")
		}
	})
	r.chain("output", "filter hook output priority filter; policy drop", func() {
		sendResets(r, c.flows())
		if len(c.beside) > 0 {
			r.line("ip saddr %s ct state established accept", set(texts(c.beside)))
		}
		if len(probers) == 0 {
			return
		}
		r.line("ip saddr %s ct state established accept", set(probers))
		c.nodeJumps(r, "ip saddr", "outbound", func(n fabric.Node) []fabric.Filter { return n.Outbound })
		jumps(r, "oifname", "inbound", c.ports, func(p port) []fabric.Filter { return p.Inbound })
		for _, other := range []string{toInternet, toLink} {
			what := fmt.Sprintf("a health probe to an address that no network interface has (%s)", other)
			r.decide(decision{what: what, kind: KindRoute}, "oifname "+other, "drop")
		}
		r.line("ip saddr %s goto arrival", set(probers))
	})
}

func (c cloud) devices() (names []string) {
	for _, p := range c.ports {
		names = append(names, p.device())
	}
	return names
}

func texts(addresses []netip.Addr) (texts []string) {
	for _, a := range addresses {
		texts = append(texts, a.String())
	}
	return texts
}

// name is an interface's name, for people.
func (c cloud) name(id string) string {
	for _, i := range c.fabric.Interfaces {
		if i.ID == id {
			return i.Name
		}
	}
	return fmt.Sprintf("a network interface that does not exist (%s)", id)
}
