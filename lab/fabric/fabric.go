// Package fabric says what a cloud's network does with packets, whichever cloud it is: a value that a cloud's reader
// (lab/azure, lab/aws) computes from the resources that are deployed, and that lab/internal/network makes Linux do.
package fabric

import (
	"net/netip"
	"time"
)

// Fabric is a cloud's network at one moment. Names are for people, and appear in evidence; ids are the resources'.
type Fabric struct {
	Interfaces  []Interface
	Nodes       []Node
	Rules       []Rule
	Services    []Service
	Connections []Connection
	// Prober is the address that health probes come from, but for those of nodes.
	Prober netip.Addr
}

// Node is the part of a load balancer that is in one availability zone. It has an address and filters of its own: what
// comes for its address must pass Inbound, with the sender's own address; what it sends, health probes too, Outbound. It
// puts its own address in place of the sender's. A frontend that is no node's has no filters, and leaves senders' addresses.
type Node struct {
	Name     string // like `load balancer "kafka-lb" in usw2-az1`
	Balancer string // the name under which clients find those of its nodes that have healthy targets
	Zone     string
	Address  netip.Addr
	// Inbound and Outbound are asked as those of an interface are.
	Inbound, Outbound []Filter
	// LinkPasses lets what comes through an endpoint service pass without Inbound.
	LinkPasses bool
}

// Interface is a network interface of the cloud: a machine's way into a network.
type Interface struct {
	ID      string
	Name    string
	Machine string // id of the machine it is attached to; "": nothing answers at its address
	Network string // id of the virtual network: packets do not cross from one to another
	Address netip.Addr
	Subnet  netip.Prefix
	// Inbound and Outbound are asked one after the other, and all must allow. None: all is allowed.
	Inbound, Outbound []Filter
	Egress            Egress
}

// Egress is the way out of the network, to the internet.
type Egress struct {
	Through string     // what provides it, like `NAT gateway "kafka-nat"`; "": there is none
	Address netip.Addr // where packets appear to come from
}

// Filter is a list of rules, the first that matches decides; one that matches none is denied. Filters keep state: an
// answer to what was allowed is allowed.
type Filter struct {
	Name  string // like `network security group "kafka-brokers"`
	Rules []FilterRule
}

// FilterRule allows or denies what it matches. An empty list, and an empty protocol, match everything.
type FilterRule struct {
	Name             string // like `rule "allow-link-tidb" (priority 110)`
	Allow            bool
	Protocol         string // "tcp", "udp", "icmp" or ""
	Sources          []netip.Prefix
	SourcePorts      []PortRange
	Destinations     []netip.Prefix
	DestinationPorts []PortRange
}

// PortRange has both its ends in it.
type PortRange struct{ First, Last uint16 }

// Rule of a load balancer sends what comes for its frontend to one of its targets that is healthy. What comes for a
// frontend's address and no rule's port, or for a rule without a healthy target, is dropped without an answer.
type Rule struct {
	Name     string // like `load balancer "kafka-lb", rule "rule1"`
	Frontend netip.AddrPort
	Targets  []Target
	// Without says why a rule has no targets where that is as it should be, and nobody is to wait for any.
	Without string
	Probe   Probe
	// FailOpen sends to all targets when fewer than this are healthy; 0: never.
	FailOpen int
	// KeepsName is how many healthy targets the frontend's node needs to stay in its balancer's name; 0: it does not matter.
	KeepsName int
	Idle      Idle
}

// Idle is what becomes of a connection over which nobody sends anything.
type Idle struct {
	After  time.Duration // it is forgotten, without a word; 0: never
	Resets bool          // whoever sends then is told, by a TCP reset; otherwise nobody answers
}

// Target is a port of an interface.
type Target struct {
	Interface string // id
	Address   netip.AddrPort
}

// Probe asks every target's address, at Port, over TCP. The zero value asks nothing: targets are healthy.
type Probe struct {
	Name      string // like `probe "kafka-lb-hp1"`
	Port      uint16
	OwnPort   bool // in place of Port: that of each target
	Interval  time.Duration
	Timeout   time.Duration // how long an answer may take; 0: the interval
	Threshold int           // answers, or silences, in a row that change the verdict
	Patience  int           // silences in a row that do, if not as many
}

// PortAt is the port at which a target is asked; 0: it is not.
func (p Probe) PortAt(t Target) uint16 {
	if p.OwnPort {
		return t.Address.Port()
	}
	return p.Port
}

// Silences are how many in a row make a healthy target unhealthy.
func (p Probe) Silences() int {
	if p.Patience > 0 {
		return p.Patience
	}
	return p.Threshold
}

// Service is an endpoint service: it takes a consumer's packets to a frontend, port by port, and translates their
// source.
type Service struct {
	ID       string
	Name     string       // like `private link service "kafka-pls"`
	Frontend netip.Addr   // of the load balancer
	Sources  []netip.Addr // what consumers appear as
	// Zones are frontends, in place of Frontend, of a service that leads each zone's part of an endpoint to another.
	Zones map[string]netip.Addr
	Idle  Idle
}

// FrontendIn is the frontend that a zone's part of an endpoint leads to; it is invalid if there is none.
func (s Service) FrontendIn(zone string) netip.Addr {
	if zone == "" {
		return s.Frontend
	}
	return s.Zones[zone]
}

// Connection is a consumer's private endpoint at a service.
type Connection struct {
	ID       string
	Name     string // like `private endpoint "tidb"`
	Service  string // id
	Approved bool
	Status   string // the cloud's word, like Pending
	// Zones in which the endpoint has an address each. None: it has one address, in no zone.
	Zones []string
	// Client is what the consumer's connections come from, where the service does not translate sources.
	Client netip.Addr
}

// Parts are the zones of an endpoint's addresses: "" for one that is in none.
func (c Connection) Parts() []string {
	if len(c.Zones) == 0 {
		return []string{""}
	}
	return c.Zones
}

// Sources are what a connection's consumer appears as at a service.
func (c Connection) Sources(s Service) []netip.Addr {
	if c.Client.IsValid() {
		return []netip.Addr{c.Client}
	}
	return s.Sources
}

// NodeAt is the node that has an address.
func (f Fabric) NodeAt(address netip.Addr) (Node, bool) {
	for _, n := range f.Nodes {
		if n.Address == address {
			return n, true
		}
	}
	return Node{}, false
}

// ProberOf is the address from which a rule's targets are probed.
func (f Fabric) ProberOf(r Rule) netip.Addr {
	if n, ok := f.NodeAt(r.Frontend.Addr()); ok {
		return n.Address
	}
	return f.Prober
}
