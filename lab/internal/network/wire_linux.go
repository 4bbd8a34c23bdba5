package network

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// wire is an end of a virtual cable.
type wire struct {
	ns     Namespace
	device string
}

// neighbour is the next hop of routes between namespaces: an address that nothing has, with the other end's hardware
// address fixed, so that routers need no addresses of their own and answer nothing.
var neighbour = netip.MustParseAddr("169.254.0.1")

// connect makes a cable whose ends are never in the machine's own network, and sets both up.
func connect(a, b wire) error {
	far, err := netns.GetFromPath(b.ns.Path)
	if err != nil {
		return fmt.Errorf("open network namespace %s: %w", b.ns.Name, err)
	}
	defer func() { _ = far.Close() }()
	err = a.ns.links(func(h *netlink.Handle) error {
		cable := &netlink.Veth{LinkAttrs: netlink.NewLinkAttrs(), PeerName: b.device, PeerNamespace: netlink.NsFd(far)}
		cable.Name = a.device
		return h.LinkAdd(cable)
	})
	if err != nil {
		return fmt.Errorf("connect %s to %s: %w", a.ns.Name, b.ns.Name, err)
	}
	return errors.Join(a.up(), b.up())
}

func (w wire) up() error {
	return w.ns.links(func(h *netlink.Handle) error { return setUp(h, w.device) })
}

func (w wire) hardware() (net.HardwareAddr, error) {
	var found net.HardwareAddr
	err := w.ns.links(func(h *netlink.Handle) error {
		link, err := h.LinkByName(w.device)
		if err != nil {
			return fmt.Errorf("find link %s: %w", w.device, err)
		}
		found = link.Attrs().HardwareAddr
		return nil
	})
	return found, err
}

// knows makes an address the far end's, without asking for it.
func (w wire) knows(address netip.Addr, far wire) error {
	hardware, err := far.hardware()
	if err != nil {
		return err
	}
	return w.with(func(h *netlink.Handle, link netlink.Link) error {
		return h.NeighSet(&netlink.Neigh{
			LinkIndex: link.Attrs().Index, Family: unix.AF_INET, State: netlink.NUD_PERMANENT,
			IP: address.AsSlice(), HardwareAddr: hardware,
		})
	})
}

func (w wire) forgets(address netip.Addr) error {
	return w.with(func(h *netlink.Handle, link netlink.Link) error {
		err := h.NeighDel(&netlink.Neigh{LinkIndex: link.Attrs().Index, Family: unix.AF_INET, IP: address.AsSlice()})
		return unless(err, unix.ENOENT)
	})
}

// route sends a destination's packets through the wire: to the next hop if it is given, else to the destination.
func (w wire) route(destination netip.Prefix, via netip.Addr) error {
	return w.with(func(h *netlink.Handle, link netlink.Link) error {
		return h.RouteReplace(routeTo(link, destination, via))
	})
}

// unroute takes a route through this wire away; one to the same destination through another wire stays.
func (w wire) unroute(destination netip.Prefix, via netip.Addr) error {
	return w.with(func(h *netlink.Handle, link netlink.Link) error {
		return unless(h.RouteDel(routeTo(link, destination, via)), unix.ESRCH)
	})
}

func routeTo(link netlink.Link, destination netip.Prefix, via netip.Addr) *netlink.Route {
	route := &netlink.Route{LinkIndex: link.Attrs().Index, Dst: ipNet(destination), Scope: netlink.SCOPE_LINK}
	if via.IsValid() {
		route.Gw, route.Scope = via.AsSlice(), netlink.SCOPE_UNIVERSE
		route.Flags = int(netlink.FLAG_ONLINK)
	}
	return route
}

func (w wire) address(address netip.Prefix) error {
	return w.with(func(h *netlink.Handle, link netlink.Link) error {
		return h.AddrReplace(link, &netlink.Addr{IPNet: ipNet(address)})
	})
}

func (w wire) unaddress(address netip.Prefix) error {
	return w.with(func(h *netlink.Handle, link netlink.Link) error {
		return unless(h.AddrDel(link, &netlink.Addr{IPNet: ipNet(address)}), unix.EADDRNOTAVAIL)
	})
}

func (w wire) with(f func(*netlink.Handle, netlink.Link) error) error {
	return w.ns.links(func(h *netlink.Handle) error {
		link, err := h.LinkByName(w.device)
		if err != nil {
			return fmt.Errorf("find link %s: %w", w.device, err)
		}
		if err := f(h, link); err != nil {
			return fmt.Errorf("configure link %s: %w", w.device, err)
		}
		return nil
	})
}

// answersForAll has the wire's end answer, at once, whoever asks it where an address is: its packets are to come here,
// also those to neighbours in the asker's own subnet.
func (w wire) answersForAll() error {
	err := w.ns.Do(func() error {
		if err := os.WriteFile("/proc/sys/net/ipv4/neigh/"+w.device+"/proxy_delay", []byte("0"), 0); err != nil {
			return err
		}
		return os.WriteFile("/proc/sys/net/ipv4/conf/"+w.device+"/proxy_arp", []byte("1"), 0)
	})
	if err != nil {
		return fmt.Errorf("answer for all addresses at link %s of %s: %w", w.device, w.ns.Name, err)
	}
	return nil
}

func setUp(h *netlink.Handle, device string) error {
	link, err := h.LinkByName(device)
	if err == nil {
		err = h.LinkSetUp(link)
	}
	if err != nil {
		return fmt.Errorf("set link %s up: %w", device, err)
	}
	return nil
}

func unless(err, fine error) error {
	if errors.Is(err, fine) {
		return nil
	}
	return err
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), 32)}
}

var everywhere = netip.MustParsePrefix("0.0.0.0/0")
