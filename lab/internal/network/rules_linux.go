package network

import (
	"context"
	"fmt"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// writeRules brings the rules of both routers up to date. The caller holds mu.
func (n *Network) writeRules(ctx context.Context) error {
	endpoints, cloud := n.connections(), n.cloud()
	for _, t := range []struct {
		state *tableState
		rules *ruleset
	}{
		{n.linkTable, linkRules(endpoints)},
		{n.linkIdle, idleRules(linkFlows(endpoints), n.haste)},
		{n.vnetTable, cloud.rules()},
		{n.vnetIdle, idleRules(cloud.flows(), n.haste)},
	} {
		if err := t.state.load(ctx, t.rules); err != nil {
			return err
		}
	}
	return nil
}

// Hasten has idle connections forgotten as many times as fast as in the cloud, from 1 on. Those that are there when the
// factor changes, and over which something is sent afterwards, are not forgotten any more.
func (n *Network) Hasten(ctx context.Context, factor int) error {
	if factor < 1 {
		return fmt.Errorf("idle connections cannot be forgotten %d times as fast: 1 is as fast as in the cloud", factor)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	n.haste = factor
	return n.writeRules(ctx)
}

func (n *Network) connections() []endpoint {
	var endpoints []endpoint
	for _, c := range n.fabric.Connections {
		for _, zone := range c.Parts() {
			address, _ := n.endpoint(c.ID, zone)
			e := endpoint{connection: c, zone: zone, address: address}
			for _, s := range n.fabric.Services {
				if s.ID == c.Service {
					e.service = &s
				}
			}
			endpoints = append(endpoints, e)
		}
	}
	return endpoints
}

func (n *Network) cloud() cloud {
	c := cloud{fabric: n.fabric, mirror: n.options.Mirror, beside: n.options.Beside, healthy: func(r fabric.Rule, t fabric.Target) bool {
		return n.healthOf(r, t).Healthy
	}}
	for _, i := range n.fabric.Interfaces {
		h := n.hosts[i.ID]
		if h == nil { // an Apply that failed has taken it away
			continue
		}
		p := port{Interface: i, number: h.number}
		switch {
		case i.Machine == "":
			p.down = "no machine is attached to it"
		case h.off:
			p.down = "its machine is off"
		}
		c.ports = append(c.ports, p)
	}
	return c
}
