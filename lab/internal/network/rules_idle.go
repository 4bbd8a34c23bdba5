package network

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// flow is a way on which connections are forgotten when they are idle.
type flow struct {
	what string // for people
	kind Kind
	// to matches packets of whoever makes the connection, and back those of who takes it.
	to, back string
	idle     fabric.Idle
}

// linkFlows are those of private link.
func linkFlows(endpoints []endpoint) (flows []flow) {
	for _, e := range endpoints {
		if e.refusal() == "" && e.service.Idle.After > 0 {
			what := e.service.Name
			if e.zone != "" {
				what += " in " + e.zone
			}
			flows = append(flows, flow{
				what: what, kind: KindApproval, idle: e.service.Idle,
				to:   fmt.Sprintf("meta l4proto tcp iifname %s ip daddr %s", toConsumer, e.address),
				back: fmt.Sprintf("meta l4proto tcp iifname %s ip saddr %s", toCloud, e.frontend()),
			})
		}
	}
	return flows
}

// flows are those of load balancers.
func (c cloud) flows() (flows []flow) {
	for _, rule := range c.fabric.Rules {
		if rule.Idle.After == 0 {
			continue
		}
		f := flow{
			what: rule.Name, kind: KindBalancer, idle: rule.Idle,
			to: fmt.Sprintf("ip daddr %s tcp dport %d", rule.Frontend.Addr(), rule.Frontend.Port()),
		}
		var targets []string
		for _, target := range rule.Targets {
			targets = append(targets, fmt.Sprintf("%s . %d", target.Address.Addr(), target.Address.Port()))
		}
		if len(targets) > 0 {
			f.back = fmt.Sprintf("ip saddr . tcp sport { %s }", strings.Join(targets, ", "))
		}
		flows = append(flows, f)
	}
	return flows
}

// idleRules set how long the kernel remembers a connection over which nothing is sent, from its first packet on.
func idleRules(flows []flow, haste int) *ruleset {
	r := newRuleset("")
	r.table = idleTable
	seconds := func(f flow) int { return max(1, int(f.idle.After/time.Second)/haste) }
	var all []int
	for _, f := range flows {
		all = append(all, seconds(f))
	}
	slices.Sort(all)
	for _, s := range slices.Compact(all) {
		fmt.Fprintf(&r.text, "\tct timeout after_%d {\n\t\tprotocol tcp;\n\t\tl3proto ip;\n\t\tpolicy = { established : %[1]d };\n\t}\n", s)
	}
	r.chain("idle", "filter hook prerouting priority mangle - 10; policy accept", func() {
		for _, f := range flows {
			r.line(`%s ct timeout set "after_%d"`, f.to, seconds(f))
		}
	})
	return r
}

// forgotten stops what is sent over a connection that is not known any more. It also stops a packet that comes late, when
// both sides have closed: the difference cannot be told.
func forgotten(r *ruleset, flows []flow) {
	if len(flows) == 0 {
		return
	}
	r.chain("forgotten", "filter hook prerouting priority mangle - 5; policy accept", func() {
		r.line("ct state != invalid accept")
		for _, f := range flows {
			statement := drop
			if f.idle.Resets {
				statement = reset
			}
			r.decide(decision{what: fmt.Sprintf("%s: over a connection that was idle for %s, or is closed", f.what, f.idle.After), kind: f.kind},
				f.to, statement)
			if f.back != "" {
				r.decide(decision{what: fmt.Sprintf("%s: back over a connection that was idle for %s, or is closed", f.what, f.idle.After), kind: f.kind},
					f.back, statement)
			}
		}
	})
}

// sendResets lets a router's own kernel send those that flows want, in a chain that drops all else.
func sendResets(r *ruleset, flows []flow) {
	if slices.ContainsFunc(flows, func(f flow) bool { return f.idle.Resets }) {
		r.line("tcp flags & rst == rst accept")
	}
}
