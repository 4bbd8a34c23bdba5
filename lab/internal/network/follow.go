package network

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// attempt is what is known of a connection that was tried: a Trace is made from it.
type attempt struct {
	connection string
	endpoint   netip.AddrPort
	outcome    Verdict
	trouble    string     // why there was no answer, if that is more than time
	met        []decision // in order
	source     netip.Addr // what the cloud's network saw it come from
	packets    map[string]uint64
	health     func(fabric.Rule, fabric.Target) TargetHealth
}

func (a attempt) trace() Trace {
	t := Trace{Connection: a.connection, Endpoint: a.endpoint, Outcome: a.outcome}
	t.Hops = append(t.Hops, Hop{Kind: KindEndpoint, What: a.connection, Verdict: Passed, Detail: a.endpoint.String()})
	ended := false
	for _, d := range a.met {
		hop := Hop{
			Kind: d.kind, What: d.what, Verdict: Passed, Detail: a.detail(d), Interface: d.iface, Packets: a.packets[d.id],
		}
		switch {
		case d.drops:
			hop.Verdict, ended = Dropped, true
		case d.kind == KindHost:
			hop.Verdict, hop.Detail, ended = a.outcome, a.hostSaid(), true
		}
		t.Hops = append(t.Hops, hop)
	}
	if !ended {
		t.Hops = append(t.Hops, Hop{
			Kind: KindHost, What: "nobody saw the packet after that", Verdict: a.outcome, Detail: a.hostSaid(),
		})
	}
	return t
}

func (a attempt) hostSaid() string {
	switch a.outcome {
	case Answered:
		return "the connection was made"
	case Refused:
		return "connection refused: nothing listens at this port"
	}
	if a.trouble != "" {
		return a.trouble
	}
	return "no answer in " + traceTimeout.String()
}

func (a attempt) detail(d decision) string {
	switch d.kind {
	case KindSource:
		if a.source.IsValid() {
			return "appears as " + a.source.String()
		}
	case KindTarget:
		return a.healthText(*d.rule, *d.target)
	case KindBalancer:
		if d.drops && d.rule != nil {
			var texts []string
			for _, target := range d.rule.Targets {
				texts = append(texts, fmt.Sprintf("%s is %s", target.Address, a.healthText(*d.rule, target)))
			}
			return strings.Join(texts, "; ")
		}
	}
	return ""
}

func (a attempt) healthText(r fabric.Rule, t fabric.Target) string {
	h := a.health(r, t)
	if h.Healthy {
		return "healthy: " + h.Said
	}
	return "not healthy: " + h.Said
}
