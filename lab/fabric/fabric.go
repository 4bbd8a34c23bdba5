// Package fabric says what a cloud's network does with packets, whichever cloud it is: a value that a cloud's reader
// (lab/azure) computes from the resources that are deployed, and that lab/internal/network makes Linux do.
package fabric

import (
	"net/netip"
	"time"
)

// Fabric is a cloud's network at one moment. Names are for people, and appear in evidence; ids are the resources'.
type Fabric struct {
	Interfaces  []Interface
	Rules       []Rule
	Services    []Service
	Connections []Connection
	// Prober is the address that health probes come from.
	Prober netip.Addr
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
	Probe    Probe
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
	Interval  time.Duration
	Threshold int // answers, or silences, in a row that change the verdict
}

// Service is an endpoint service: it takes a consumer's packets to a frontend, port by port, and translates their
// source.
type Service struct {
	ID       string
	Name     string       // like `private link service "kafka-pls"`
	Frontend netip.Addr   // of the load balancer
	Sources  []netip.Addr // what consumers appear as
}

// Connection is a consumer's private endpoint at a service.
type Connection struct {
	ID       string
	Name     string // like `private endpoint "tidb"`
	Service  string // id
	Approved bool
	Status   string // the cloud's word, like Pending
}
