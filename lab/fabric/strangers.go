package fabric

import (
	"fmt"
	"net/netip"
	"slices"
)

// Strangers tells what lets anybody in who has no business there: for every machine, the ports at which its filters
// admit a neighbour in its own subnet, which nobody has given an address yet; and where they admit UDP from those who
// have business there, which is all TCP. Each is a sentence.
func (f Fabric) Strangers() (found []string) {
	for _, i := range f.Interfaces {
		stranger, ok := f.unused(i.Subnet)
		if i.Machine == "" || !ok {
			continue
		}
		for _, protocol := range []string{"tcp", "udp"} {
			if ports := i.open(protocol, stranger); len(ports) > 0 {
				found = append(found, fmt.Sprintf("%s admits any neighbour in its subnet, such as %s, to %s %s",
					i.Name, stranger, protocol, spans(ports)))
			}
		}
		for _, known := range f.known() {
			if ports := i.open("udp", known); len(ports) > 0 && known != i.Address {
				found = append(found, fmt.Sprintf("%s admits %s to udp %s, and Kafka speaks TCP only", i.Name, known, spans(ports)))
				break
			}
		}
	}
	return found
}

// known are the addresses of those who have business with machines.
func (f Fabric) known() (all []netip.Addr) {
	for _, i := range f.Interfaces {
		all = append(all, i.Address)
	}
	for _, n := range f.Nodes {
		all = append(all, n.Address)
	}
	for _, s := range f.Services {
		all = append(all, s.Sources...)
	}
	if f.Prober.IsValid() {
		all = append(all, f.Prober)
	}
	return all
}

// unused is an address of a subnet that nothing has; the last ones are given away last.
func (f Fabric) unused(subnet netip.Prefix) (netip.Addr, bool) {
	used := []netip.Addr{f.Prober}
	for _, i := range f.Interfaces {
		used = append(used, i.Address)
	}
	for _, n := range f.Nodes {
		used = append(used, n.Address)
	}
	for _, r := range f.Rules {
		used = append(used, r.Frontend.Addr())
	}
	for _, s := range f.Services {
		used = append(used, s.Sources...)
	}
	first := subnet.Masked().Addr()
	var last netip.Addr
	for a := first; subnet.Contains(a); a = a.Next() {
		if a != first && !slices.Contains(used, a) && subnet.Contains(a.Next()) { // not the network's own, nor its broadcast
			last = a
		}
	}
	return last, last.IsValid()
}

// open are the ports at which an interface admits a sender. What decides changes only where a rule's range begins or ends.
func (i Interface) open(protocol string, from netip.Addr) (open []PortRange) {
	edges := []int{1, 1 << 16}
	for _, filter := range i.Inbound {
		for _, rule := range filter.Rules {
			for _, r := range rule.DestinationPorts {
				edges = append(edges, max(int(r.First), 1), int(r.Last)+1)
			}
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	const ephemeral = 50000
	for n, first := range edges[:len(edges)-1] {
		source, destination := netip.AddrPortFrom(from, ephemeral), netip.AddrPortFrom(i.Address, uint16(first))
		if _, denied := i.Denied(protocol, source, destination); !denied {
			open = append(open, PortRange{uint16(first), uint16(edges[n+1] - 1)})
		}
	}
	return open
}

// spans writes ranges of ports, those that touch as one.
func spans(ranges []PortRange) (text string) {
	for n := 0; n < len(ranges); n++ {
		first, last := ranges[n].First, ranges[n].Last
		for n+1 < len(ranges) && ranges[n+1].First == last+1 {
			n++
			last = ranges[n].Last
		}
		if text != "" {
			text += ", "
		}
		if text += fmt.Sprint(first); last != first {
			text += fmt.Sprintf("-%d", last)
		}
	}
	return text
}
