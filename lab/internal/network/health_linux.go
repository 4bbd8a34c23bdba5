package network

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// healthOf gives what is believed of a rule's target. The caller holds mu.
func (n *Network) healthOf(r fabric.Rule, t fabric.Target) TargetHealth {
	health := TargetHealth{Rule: r.Name, Interface: t.Interface, Address: t.Address}
	if !asks(r.Probe) {
		health.Healthy, health.Said = true, "not asked: the rule has no probe"
		return health
	}
	if p := n.probes[n.keyOf(r, t)]; p != nil {
		health.Healthy, health.Said, health.Since = p.healthy, p.said, p.since
	}
	return health
}

// Health gives the health of every rule's targets, in the order of the fabric.
func (n *Network) Health() []TargetHealth {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []TargetHealth
	for _, r := range n.fabric.Rules {
		for _, t := range r.Targets {
			all = append(all, n.healthOf(r, t))
		}
	}
	return all
}

// WaitHealthy returns once all targets of a rule, or of all rules if the name is "", are healthy. When the context ends
// before, the error says which are not, and why.
func (n *Network) WaitHealthy(ctx context.Context, rule string) error {
	for {
		changed, err := n.unhealthy(rule)
		if err == nil {
			return nil
		}
		if changed == nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			_, last := n.unhealthy(rule)
			return errors.Join(last, ctx.Err())
		}
	}
}

// unhealthy says what a rule waits for, and gives what is closed when that may have changed: nil if it never will.
func (n *Network) unhealthy(name string) (<-chan struct{}, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, ErrClosed
	}
	var down []string
	found := name == ""
	for _, r := range n.fabric.Rules {
		if name != "" && r.Name != name {
			continue
		}
		found = true
		if len(r.Targets) == 0 && r.Without == "" {
			down = append(down, r.Name+" has no targets")
		}
		for _, t := range r.Targets {
			if h := n.healthOf(r, t); !h.Healthy {
				down = append(down, fmt.Sprintf("%s: target %s is not healthy: %s", r.Name, t.Address, h.Said))
			}
		}
	}
	if !found {
		return nil, fmt.Errorf("no load balancer rule is called %q: names are those of the last Apply", name)
	}
	if len(down) > 0 {
		return n.changed, errors.New(strings.Join(down, "; "))
	}
	return nil, nil
}

// Named gives the addresses that a load balancer's name stands for: those of its nodes that have enough healthy targets for
// every rule that asks for them; of all nodes, if none has.
func (n *Network) Named(balancer string) []netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all, fit []netip.Addr
	for _, node := range n.fabric.Nodes {
		if node.Balancer != balancer {
			continue
		}
		all = append(all, node.Address)
		if n.keepsName(node) {
			fit = append(fit, node.Address)
		}
	}
	if len(fit) == 0 {
		return all
	}
	return fit
}

func (n *Network) keepsName(node fabric.Node) bool {
	for _, r := range n.fabric.Rules {
		healthy := 0
		for _, t := range r.Targets {
			if n.healthOf(r, t).Healthy {
				healthy++
			}
		}
		if r.Frontend.Addr() == node.Address && healthy < r.KeepsName {
			return false
		}
	}
	return true
}
