package network

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// check finds what cannot be made real. What a cloud allows and is merely useless, like a target that nothing has, is
// not among it: packets find out.
func check(f fabric.Fabric) error {
	c := checker{}
	c.interfaces(f)
	c.nodes(f)
	c.rules(f)
	c.services(f)
	return errors.Join(c.problems...)
}

type checker struct{ problems []error }

func (c *checker) say(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf(format, args...))
}

func (c *checker) address(who, what string, a netip.Addr) {
	if !a.Is4() {
		c.say("%s: %s must be an IPv4 address and is %q: the lab has no IPv6", who, what, a)
	}
}

func (c *checker) interfaces(f fabric.Fabric) {
	ids, addresses := map[string]bool{}, map[netip.Addr]string{}
	for _, i := range f.Interfaces {
		if i.ID == "" || ids[i.ID] {
			c.say("%s: its id %q is empty or another's", i.Name, i.ID)
		}
		ids[i.ID] = true
		c.address(i.Name, "its address", i.Address)
		if !i.Subnet.Contains(i.Address) {
			c.say("%s: its subnet %s does not contain its address %s", i.Name, i.Subnet, i.Address)
		}
		if other := addresses[i.Address]; other != "" {
			c.say("%s: %s has its address %s too: the lab cannot have networks that overlap", i.Name, other, i.Address)
		}
		addresses[i.Address] = i.Name
		if i.Egress.Through != "" {
			c.address(i.Name, "the address of its egress", i.Egress.Address)
		}
		c.filters(i.Inbound, i.Outbound)
	}
}

// nodes need addresses that nobody else has.
func (c *checker) nodes(f fabric.Fabric) {
	for i, n := range f.Nodes {
		c.address(n.Name, "its address", n.Address)
		if other, ok := f.NodeAt(n.Address); ok && other.Name != f.Nodes[i].Name {
			c.say("%s: %s has its address %s too", n.Name, other.Name, n.Address)
		}
		for _, i := range f.Interfaces {
			if i.Address == n.Address {
				c.say("%s: %s has its address %s too", n.Name, i.Name, n.Address)
			}
		}
		c.filters(n.Inbound, n.Outbound)
	}
}

func (c *checker) filters(lists ...[]fabric.Filter) {
	for _, list := range lists {
		for _, filter := range list {
			for _, rule := range filter.Rules {
				c.filterRule(filter.Name+", "+rule.Name, rule)
			}
		}
	}
}

func (c *checker) filterRule(who string, rule fabric.FilterRule) {
	switch rule.Protocol {
	case "", "tcp", "udp", "icmp":
	default:
		c.say("%s: the lab does not know protocol %q", who, rule.Protocol)
	}
	for _, r := range append(append([]fabric.PortRange{}, rule.SourcePorts...), rule.DestinationPorts...) {
		if r.First > r.Last {
			c.say("%s: the range of ports %d-%d ends before it begins", who, r.First, r.Last)
		}
	}
}

func (c *checker) rules(f fabric.Fabric) {
	probes := false
	for _, rule := range f.Rules {
		c.address(rule.Name, "its frontend", rule.Frontend.Addr())
		if rule.Frontend.Port() == 0 {
			c.say("%s: its frontend has no port: the lab does not know rules for all ports", rule.Name)
		}
		for _, t := range rule.Targets {
			c.address(rule.Name, "a target's address", t.Address.Addr())
			if t.Address.Port() == 0 {
				c.say("%s: its target %s has no port", rule.Name, t.Address)
			}
		}
		_, node := f.NodeAt(rule.Frontend.Addr())
		probes = probes || asks(rule.Probe) && !node
	}
	if probes || f.Prober.IsValid() {
		c.address("health probes", "the address they come from", f.Prober)
	}
}

func (c *checker) services(f fabric.Fabric) {
	ids := map[string]bool{}
	for _, s := range f.Services {
		if s.ID == "" || ids[s.ID] {
			c.say("%s: its id %q is empty or another's", s.Name, s.ID)
		}
		ids[s.ID] = true
		frontends := slices.Collect(maps.Values(s.Zones))
		if s.Frontend.IsValid() { // packets find out that there is none
			frontends = append(frontends, s.Frontend)
		}
		for _, frontend := range frontends {
			c.address(s.Name, "its frontend", frontend)
			if frontend == consumerGateway || frontend == consumerAddress {
				c.say("%s: its frontend %s is an address of the consumer's network %s in the lab: choose another",
					s.Name, frontend, consumerNetwork)
			}
		}
		for _, source := range s.Sources {
			c.address(s.Name, "an address it translates sources to", source)
			for _, i := range f.Interfaces {
				if i.Address == source {
					c.say("%s: it translates sources to %s, which %s has", s.Name, source, i.Name)
				}
			}
		}
	}
	connections := map[string]bool{}
	for _, connection := range f.Connections {
		if connection.ID == "" || connections[connection.ID] {
			c.say("%s: its id %q is empty or another's", connection.Name, connection.ID)
		}
		connections[connection.ID] = true
		if !connection.Client.IsValid() {
			continue
		}
		c.address(connection.Name, "its client's address", connection.Client)
		for _, i := range f.Interfaces {
			if i.Address == connection.Client {
				c.say("%s: its client has the address %s, which %s has: the lab cannot have networks that overlap", connection.Name, connection.Client, i.Name)
			}
		}
		if node, ok := f.NodeAt(connection.Client); ok {
			c.say("%s: its client has the address %s, which %s has: the lab cannot have networks that overlap", connection.Name, connection.Client, node.Name)
		}
	}
}
