package fabric

import (
	"net/netip"
	"slices"
)

// Denied says which filter of an interface keeps a packet from it, like `network security group "x", rule "y"`; ok is
// false if none does.
func (i Interface) Denied(protocol string, source, destination netip.AddrPort) (by string, ok bool) {
	return Denied(i.Inbound, protocol, source, destination)
}

// Denied says which of some filters keeps a packet from going on.
func Denied(filters []Filter, protocol string, source, destination netip.AddrPort) (by string, ok bool) {
	for _, f := range filters {
		j := slices.IndexFunc(f.Rules, func(r FilterRule) bool { return r.matches(protocol, source, destination) })
		switch {
		case j < 0:
			return f.Name + ", no rule allows it", true
		case !f.Rules[j].Allow:
			return f.Name + ", " + f.Rules[j].Name, true
		}
	}
	return "", false
}

func (r FilterRule) matches(protocol string, source, destination netip.AddrPort) bool {
	return (r.Protocol == "" || r.Protocol == protocol) &&
		within(r.Sources, source.Addr()) && within(r.Destinations, destination.Addr()) &&
		among(r.SourcePorts, source.Port()) && among(r.DestinationPorts, destination.Port())
}

func within(prefixes []netip.Prefix, address netip.Addr) bool {
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(address) })
}

func among(ranges []PortRange, port uint16) bool {
	return len(ranges) == 0 || slices.ContainsFunc(ranges, func(r PortRange) bool { return r.First <= port && port <= r.Last })
}
