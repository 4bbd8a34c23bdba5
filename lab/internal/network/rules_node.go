package network

import (
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// nodes are the addresses of load balancers' nodes; of those that agree, if it is asked.
func (c cloud) nodes(agree func(fabric.Node) bool) (addresses []string) {
	for _, n := range c.fabric.Nodes {
		if agree == nil || agree(n) {
			addresses = append(addresses, n.Address.String())
		}
	}
	return addresses
}

func nodeChain(direction string, n int) string { return fmt.Sprintf("%s_node_%d", direction, n+1) }

// nodeJumps sends packets to the filters of the node whose address they have in a field.
func (c cloud) nodeJumps(r *ruleset, field, direction string, of func(fabric.Node) []fabric.Filter) {
	var verdicts []string
	for i, n := range c.fabric.Nodes {
		if len(of(n)) > 0 {
			verdicts = append(verdicts, fmt.Sprintf("%s : jump %s", n.Address, nodeChain(direction, i)))
		}
	}
	if len(verdicts) > 0 {
		r.line("%s vmap { %s }", field, strings.Join(verdicts, ", "))
	}
}

// admission asks a node's inbound filters before its address is translated: they see the client and the listener's port. So
// do the outbound filters of a client inside.
func (c cloud) admission(r *ruleset) {
	if len(c.fabric.Nodes) == 0 {
		return
	}
	r.chain("admission", "filter hook prerouting priority mangle; policy accept", func() {
		r.line("ct state established,related accept")
		r.line("ip daddr != %s accept", set(c.nodes(nil)))
		jumps(r, "iifname", "outbound", c.ports, func(p port) []fabric.Filter { return p.Outbound })
		if open := c.nodes(func(n fabric.Node) bool { return n.LinkPasses }); len(open) > 0 {
			r.line("iifname %s ip daddr %s accept", toLink, set(open))
		}
		c.nodeJumps(r, "ip daddr", "inbound", func(n fabric.Node) []fabric.Filter { return n.Inbound })
	})
	for i, n := range c.fabric.Nodes {
		filters(r, n.Name, "", nodeChain("inbound", i), "inbound", n.Inbound)
	}
}

// balanced is the way of what a node sends on: its own outbound filters see the target.
func (c cloud) balanced(r *ruleset) {
	if len(c.fabric.Nodes) == 0 {
		return
	}
	r.chain("balanced", "", func() {
		r.line("jump route")
		c.nodeJumps(r, "ct original ip daddr", "outbound", func(n fabric.Node) []fabric.Filter { return n.Outbound })
		r.line("accept")
	})
	for i, n := range c.fabric.Nodes {
		filters(r, n.Name, "", nodeChain("outbound", i), "outbound", n.Outbound)
	}
}

// translateNodes puts a node's address in place of the client's.
func (c cloud) translateNodes(r *ruleset) {
	for _, n := range c.fabric.Nodes {
		d := decision{kind: KindSource, what: fmt.Sprintf("%s: source translated to its own address %s", n.Name, n.Address)}
		r.decide(d, fmt.Sprintf("ct original ip daddr %s", n.Address), "snat to "+n.Address.String())
	}
}

// delivery asks the target's inbound filters last, as they see the node for the sender.
func (c cloud) delivery(r *ruleset) {
	if len(c.fabric.Nodes) == 0 {
		return
	}
	r.chain("delivery", "filter hook postrouting priority srcnat + 10; policy accept", func() {
		r.line("ct state established,related accept")
		sendResets(r, c.flows())
		r.line("ct original ip daddr != %s accept", set(c.nodes(nil)))
		jumps(r, "oifname", "inbound", c.ports, func(p port) []fabric.Filter { return p.Inbound })
		r.line("goto arrival")
	})
}
