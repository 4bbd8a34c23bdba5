package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// The consumer's network, and the devices of the namespace "link".
var (
	consumerNetwork = netip.MustParsePrefix("192.168.100.0/24")
	consumerGateway = netip.MustParseAddr("192.168.100.1")
	consumerAddress = netip.MustParseAddr("192.168.100.2")
	firstEndpoint   = netip.MustParseAddr("192.168.100.4")
)

const (
	toConsumer = "consumer"
	toCloud    = "vnet"
)

// endpoint is a connection and an address it has in the consumer's network.
type endpoint struct {
	connection fabric.Connection
	zone       string // of the address, if it has one in several
	address    netip.Addr
	service    *fabric.Service // nil: there is none
}

// name of an endpoint's part.
func (e endpoint) name() string {
	if e.zone == "" {
		return e.connection.Name
	}
	return e.connection.Name + " in " + e.zone
}

func (e endpoint) frontend() netip.Addr { return e.service.FrontendIn(e.zone) }

func (e endpoint) sources() []netip.Addr { return e.connection.Sources(*e.service) }

func (e endpoint) refusal() string {
	switch {
	case e.service == nil:
		return fmt.Sprintf("%s: the service it was made for does not exist", e.name())
	case !e.connection.Approved:
		status := e.connection.Status
		if status == "" {
			status = "unknown"
		}
		return fmt.Sprintf("%s: not approved by %s, its status is %s", e.name(), e.service.Name, status)
	case !e.frontend().IsValid():
		return fmt.Sprintf("%s: %s has no load balancer's frontend", e.name(), e.service.Name)
	case len(e.sources()) == 0:
		return fmt.Sprintf("%s: %s has no address to translate sources to", e.name(), e.service.Name)
	}
	return ""
}

// linkRules are the rules of private link: from a consumer's endpoint to a service's frontend, port by port.
func linkRules(endpoints []endpoint) *ruleset {
	r := newRuleset(privateLink)
	tracing(r)
	forgotten(r, linkFlows(endpoints))
	// Before address translation, so that it stops connections under way too: a service that takes its approval back does.
	r.chain("approval", "filter hook prerouting priority mangle; policy accept", func() {
		var approved []string
		for _, e := range endpoints {
			if refusal := e.refusal(); refusal != "" {
				d := decision{what: refusal, kind: KindApproval}
				r.decide(d, fmt.Sprintf("iifname %s ip daddr %s", toConsumer, e.address), "drop")
			} else {
				approved = append(approved, e.address.String())
			}
		}
		if len(approved) > 0 {
			r.line("iifname %s ip daddr %s accept", toConsumer, set(approved))
		}
		d := decision{what: "no private endpoint has this address", kind: KindApproval}
		r.decide(d, fmt.Sprintf("iifname %s", toConsumer), "drop")
	})
	r.chain("service", "nat hook prerouting priority dstnat; policy accept", func() {
		for _, e := range endpoints {
			if e.refusal() == "" {
				d := decision{kind: KindApproval, what: fmt.Sprintf("%s: approved, taken to frontend %s of %s",
					e.name(), e.frontend(), e.service.Name)}
				match := fmt.Sprintf("iifname %s ip daddr %s", toConsumer, e.address)
				r.decide(d, match, "dnat to "+e.frontend().String())
			}
		}
	})
	r.chain("forward", "filter hook forward priority filter; policy drop", func() {
		r.line("ct state established,related accept")
		r.line("iifname %s oifname %s ct status dnat accept", toConsumer, toCloud)
		d := decision{what: "a packet that belongs to no private endpoint", kind: KindRoute}
		r.decide(d, "", "drop")
	})
	r.chain("source", "nat hook postrouting priority srcnat; policy accept", func() {
		for _, e := range endpoints {
			if e.refusal() == "" {
				d := decision{kind: KindSource, what: fmt.Sprintf("%s: source translated to %s of %s",
					e.name(), list(e.sources()), e.service.Name)}
				if e.connection.Client.IsValid() {
					d.what = fmt.Sprintf("%s: the client is %s, in its own network", e.name(), e.connection.Client)
				}
				r.decide(d, fmt.Sprintf("ct original ip daddr %s", e.address), "snat to "+anyOf(e.sources()))
			}
		}
	})
	silent(r, linkFlows(endpoints))
	return r
}

// tracing has the kernel report the way of packets that Trace sends, and of no others.
func tracing(r *ruleset) {
	r.chain("tracing", "filter hook prerouting priority raw; policy accept", func() {
		r.line("ip dscp %d tcp flags & (syn | ack) == syn meta nftrace set 1", traceClass)
	})
}

// silent keeps a router's own kernel from answering anything, as it has no part in the cloud, but to what is forgotten.
func silent(r *ruleset, flows []flow) {
	r.chain("input", "filter hook input priority filter; policy drop", func() {})
	r.chain("output", "filter hook output priority filter; policy drop", func() { sendResets(r, flows) })
}

// anyOf spreads connections over addresses, always the same for packets of one connection.
func anyOf(addresses []netip.Addr) string {
	if len(addresses) == 1 {
		return addresses[0].String()
	}
	var choices []string
	for n, a := range addresses {
		choices = append(choices, fmt.Sprintf("%d : %s", n, a))
	}
	by := strings.Join(choices, ", ")
	return fmt.Sprintf("jhash ip saddr . tcp sport mod %d seed 0x1 map { %s }", len(addresses), by)
}

func list(addresses []netip.Addr) string {
	var texts []string
	for _, a := range addresses {
		texts = append(texts, a.String())
	}
	return strings.Join(slices.Compact(texts), " or ")
}
