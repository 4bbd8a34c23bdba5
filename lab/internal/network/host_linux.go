package network

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// host is the namespace of a network interface.
type host struct {
	number int
	ns     Namespace
	off    bool // powered off by Power
	wired  bool
	now    plug // what was made so
}

// plug is how a host's link is configured.
type plug struct {
	address netip.Addr
	subnet  netip.Prefix
	up      bool
}

func (h *host) inside() wire { return wire{h.ns, "eth0"} }

func (h *host) outside(n *Network) wire { return wire{n.vnet, fmt.Sprintf("h%d", h.number)} }

// plugIn makes the namespace of an interface what the interface says, and does nothing if it is.
func (n *Network) plugIn(i fabric.Interface) error {
	h := n.hosts[i.ID]
	if h == nil {
		n.lastHost++
		h = &host{number: n.lastHost, ns: namespace(n.options.Prefix, fmt.Sprintf("h%d", n.lastHost))}
		if err := create(h.ns, false); err != nil {
			return err
		}
		n.hosts[i.ID] = h
	}
	inside, outside := h.inside(), h.outside(n)
	if !h.wired {
		if err := connect(outside, inside); err != nil {
			return err
		}
		if err := outside.answersForAll(); err != nil {
			return err
		}
		h.wired, h.now.up = true, true
	}
	want := plug{address: i.Address, subnet: i.Subnet.Masked(), up: i.Machine != "" && !h.off}
	if h.now == want {
		return nil
	}
	// An address and routes can be given to a link that is up only, and are lost, in part, when it goes down.
	if err := inside.up(); err != nil {
		return err
	}
	if h.now.address.IsValid() && (h.now.address != want.address || h.now.subnet != want.subnet) {
		old := h.now
		err := errors.Join(
			outside.unroute(single(old.address), netip.Addr{}), outside.forgets(old.address),
			inside.unaddress(netip.PrefixFrom(old.address, old.subnet.Bits())),
		)
		if err != nil {
			return err
		}
		h.now.address = netip.Addr{}
	}
	err := errors.Join(
		inside.address(netip.PrefixFrom(want.address, want.subnet.Bits())),
		inside.route(everywhere, want.subnet.Addr().Next()),
		outside.knows(want.address, inside), outside.route(single(want.address), netip.Addr{}),
	)
	if err == nil && !want.up {
		err = inside.down()
	}
	if err == nil {
		h.now = want
	}
	return err
}

// unplug takes a host's link and namespace away.
func (n *Network) unplug(id string) error {
	if err := remove(n.hosts[id].ns); err != nil {
		return err
	}
	delete(n.hosts, id)
	return nil
}

func (w wire) down() error {
	return w.with(func(h *netlink.Handle, link netlink.Link) error { return h.LinkSetDown(link) })
}

// HostNamespace gives the path of a network interface's namespace, /run/netns/<prefix>-h<number>.
func (n *Network) HostNamespace(interfaceID string) (path string, ok bool) {
	ns, ok := n.Host(interfaceID)
	return ns.Path, ok
}

// Host gives the namespace of a network interface.
func (n *Network) Host(interfaceID string) (Namespace, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := n.hosts[interfaceID]
	if h == nil || n.closed {
		return Namespace{}, false
	}
	return h.ns, true
}

// Power plugs a network interface's machine in, or out: nothing then answers at its address. Interfaces are plugged in
// until this is called, and keep what it said for as long as the fabric has them.
func (n *Network) Power(interfaceID string, on bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	h := n.hosts[interfaceID]
	for _, i := range n.fabric.Interfaces {
		if h == nil || i.ID != interfaceID {
			continue
		}
		h.off = !on
		if err := errors.Join(n.plugIn(i), n.writeRules(n.ctx)); err != nil {
			return fmt.Errorf("switch %s: %w", i.Name, err)
		}
		return nil
	}
	return fmt.Errorf("switch network interface %s: the network has none with this id; it has those of the last Apply",
		interfaceID)
}
