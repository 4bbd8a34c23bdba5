package network

import (
	"context"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// writeRules brings the rules of both routers up to date. The caller holds mu.
func (n *Network) writeRules(ctx context.Context) error {
	if err := n.linkTable.load(ctx, linkRules(n.connections())); err != nil {
		return err
	}
	return n.vnetTable.load(ctx, n.cloud().rules())
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
