package network

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// Apply makes the network what the fabric says: interfaces, routes, rules and health probes that it has no more go, new
// ones come, and what is the same is not touched. After an error, which says what could not be made, the network is
// partly the old and partly the new one; Apply may be called again. The fabric must not be changed afterwards.
func (n *Network) Apply(ctx context.Context, f fabric.Fabric) error {
	if err := check(f); err != nil {
		return fmt.Errorf("the lab cannot make this network: %w", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	if err := n.apply(ctx, f); err != nil {
		return fmt.Errorf("make the lab's network: %w", err)
	}
	return nil
}

func (n *Network) apply(ctx context.Context, f fabric.Fabric) error {
	if err := n.assignEndpoints(f.Connections); err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, i := range f.Interfaces {
		wanted[i.ID] = true
	}
	for id := range n.hosts {
		if !wanted[id] {
			if err := n.unplug(id); err != nil {
				return err
			}
		}
	}
	for _, i := range f.Interfaces {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := n.plugIn(i); err != nil {
			return fmt.Errorf("%s: %w", i.Name, err)
		}
	}
	if err := errors.Join(n.placeProbers(f), n.routeSources(f)); err != nil {
		return err
	}
	n.fabric = f
	n.chooseProbes()
	if err := n.writeRules(ctx); err != nil {
		return err
	}
	n.startProbes()
	n.announce()
	return nil
}

// placeProbers gives the addresses that health probes come from to the cloud's router itself.
func (n *Network) placeProbers(f fabric.Fabric) error {
	wanted := map[netip.Addr]bool{}
	if f.Prober.IsValid() {
		wanted[f.Prober] = true
	}
	for _, node := range f.Nodes {
		wanted[node.Address] = true
	}
	lo := wire{n.vnet, "lo"}
	for a := range n.probers {
		if !wanted[a] {
			if err := lo.unaddress(single(a)); err != nil {
				return err
			}
			delete(n.probers, a)
		}
	}
	for a := range wanted {
		if !n.probers[a] {
			if err := lo.address(single(a)); err != nil {
				return err
			}
			n.probers[a] = true
		}
	}
	return nil
}

// routeSources leads answers to a service's consumers back to the private link.
func (n *Network) routeSources(f fabric.Fabric) error {
	wanted := map[netip.Addr]bool{}
	for _, s := range f.Services {
		for _, a := range s.Sources {
			wanted[a] = true
		}
	}
	for _, c := range f.Connections {
		if c.Client.IsValid() {
			wanted[c.Client] = true
		}
	}
	link := wire{n.vnet, toLink}
	for a := range n.sources {
		if !wanted[a] {
			if err := link.unroute(single(a), neighbour); err != nil {
				return err
			}
			delete(n.sources, a)
		}
	}
	for a := range wanted {
		if !n.sources[a] {
			if err := link.route(single(a), neighbour); err != nil {
				return err
			}
			n.sources[a] = true
		}
	}
	return nil
}

// assignEndpoints gives connections that were never seen the next addresses of the consumer's network.
func (n *Network) assignEndpoints(connections []fabric.Connection) error {
	for _, c := range connections {
		for _, zone := range c.Parts() {
			if _, ok := n.endpoint(c.ID, zone); ok {
				continue
			}
			next := firstEndpoint
			if len(n.endpoints) > 0 {
				next = n.endpoints[len(n.endpoints)-1].address.Next()
			}
			if !consumerNetwork.Contains(next.Next()) { // the last one is for broadcasts
				return fmt.Errorf("%s: no address is left in the consumer's network %s: open a new network",
					c.Name, consumerNetwork)
			}
			n.endpoints = append(n.endpoints, assigned{c.ID, zone, next})
		}
	}
	return nil
}

func (n *Network) endpoint(connection, zone string) (netip.Addr, bool) {
	for _, e := range n.endpoints {
		if e.connection == connection && e.zone == zone {
			return e.address, true
		}
	}
	return netip.Addr{}, false
}

// Endpoint gives the address of a connection's private endpoint in the consumer's network: in one zone, or "" if it is in
// none. A connection keeps it, also while the fabric does not have it.
func (n *Network) Endpoint(connectionID, zone string) (netip.Addr, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.endpoint(connectionID, zone)
}
