package network

import (
	"net/netip"
	"time"
)

// Kind says which part of a packet's way a hop is.
type Kind string

// The parts of a packet's way, in order.
const (
	KindEndpoint Kind = "endpoint"
	KindApproval Kind = "service approval"
	KindSource   Kind = "source translation"
	KindBalancer Kind = "load balancer"
	KindTarget   Kind = "target"
	KindFilter   Kind = "filter"
	KindRoute    Kind = "route"
	KindMachine  Kind = "machine"
	KindHost     Kind = "host"
)

// Verdict is what became of a packet at a hop.
type Verdict string

// Verdicts. Those of a host end a trace: it answered, it refused the connection, or nothing came back.
const (
	Passed   Verdict = "passed"
	Dropped  Verdict = "dropped"
	Answered Verdict = "answered"
	Refused  Verdict = "refused"
	Silent   Verdict = "silent"
)

// Hop is a part of the network that a packet came to.
type Hop struct {
	Kind    Kind    `json:"kind"`
	What    string  `json:"what"` // for people, with the names of resources
	Verdict Verdict `json:"verdict"`
	Detail  string  `json:"detail,omitempty"` // what was chosen, or what is known about the cause
	// Interface is the id of the network interface that the packet was on its way to, once that was chosen.
	Interface string `json:"interface,omitempty"`
	// Packets is how many more packets the hop's rule had counted after the attempt than before, other traffic included.
	Packets uint64 `json:"packets,omitempty"`
}

// traceClass is the DSCP of packets that Trace sends, which nothing else uses.
const traceClass = 63

// traceTimeout is how long Trace waits for an answer; a packet is repeated once in that time.
const traceTimeout = 2 * time.Second

// Trace is the way of one connection from the consumer to a port of a private endpoint.
type Trace struct {
	Connection string         `json:"connection"` // the private endpoint's name
	Endpoint   netip.AddrPort `json:"endpoint"`
	Outcome    Verdict        `json:"outcome"` // Answered, Refused or Silent, as the consumer sees it
	Hops       []Hop          `json:"hops"`
}

// Guilty gives the hop that kept the connection from being made: the one that dropped it, or a host that refused it or
// did not answer. It is false for a connection that was made.
func (t Trace) Guilty() (Hop, bool) {
	if t.Outcome == Answered {
		return Hop{}, false
	}
	for _, hop := range t.Hops {
		switch hop.Verdict {
		case Dropped, Refused, Silent:
			return hop, true
		}
	}
	return Hop{}, false
}
