package network

import (
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// jumps sends packets to the filters of the interface whose device they come from or go to.
func jumps(r *ruleset, device, direction string, ports []port, of func(port) []fabric.Filter) {
	var verdicts []string
	for _, p := range ports {
		if len(of(p)) > 0 {
			verdicts = append(verdicts, fmt.Sprintf("%s : jump %s", p.device(), p.chain(direction)))
		}
	}
	if len(verdicts) > 0 {
		r.line("%s vmap { %s }", device, strings.Join(verdicts, ", "))
	}
}

// filters writes an interface's filters, or a node's, whose iface is empty: each in a chain of its own, which returns for
// what is allowed, so that the next is asked.
func filters(r *ruleset, who, iface, chain, direction string, all []fabric.Filter) {
	if len(all) == 0 {
		return
	}
	name := func(n int) string { return fmt.Sprintf("%s_%d", chain, n+1) }
	r.chain(chain, "", func() {
		for n := range all {
			r.line("jump %s", name(n))
		}
	})
	if direction != "inbound" {
		iface = ""
	}
	for n, filter := range all {
		r.chain(name(n), "", func() {
			for _, rule := range filter.Rules {
				match, possible := matchOf(rule)
				if !possible {
					r.line("# %s: only for IPv6", comment(decision{id: "not", what: rule.Name}))
					continue
				}
				word, statement := "denied", "drop"
				if rule.Allow {
					word, statement = "allowed", "return"
				}
				d := decision{kind: KindFilter, iface: iface,
					what: fmt.Sprintf("%s, %s: %s by %s, %s", who, direction, word, filter.Name, rule.Name)}
				r.decide(d, match, statement)
			}
			d := decision{kind: KindFilter, iface: iface,
				what: fmt.Sprintf("%s, %s: denied by %s, none of whose rules matches", who, direction, filter.Name)}
			r.decide(d, "", "drop")
		})
	}
}
