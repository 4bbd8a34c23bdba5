package network

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// matchOf gives nft's conditions for a filter's rule. It is false for a rule that no IPv4 packet can match.
func matchOf(r fabric.FilterRule) (string, bool) {
	var conditions []string
	sources, some := addresses("ip saddr", r.Sources)
	destinations, other := addresses("ip daddr", r.Destinations)
	if !some || !other {
		return "", false
	}
	conditions = append(conditions, sources, destinations)

	// Of the protocols, these have ports.
	protocol, ported := r.Protocol, r.Protocol == "tcp" || r.Protocol == "udp"
	sourcePorts, destinationPorts := ports(r.SourcePorts), ports(r.DestinationPorts)
	switch {
	case protocol == "" && sourcePorts+destinationPorts != "":
		conditions = append(conditions, "meta l4proto { tcp, udp }")
		protocol, ported = "th", true
	case protocol != "" && (!ported || sourcePorts+destinationPorts == ""):
		conditions = append(conditions, "meta l4proto "+protocol)
	}
	if ported && sourcePorts != "" {
		conditions = append(conditions, protocol+" sport "+sourcePorts)
	}
	if ported && destinationPorts != "" {
		conditions = append(conditions, protocol+" dport "+destinationPorts)
	}
	conditions = slices.DeleteFunc(conditions, func(c string) bool { return c == "" })
	return strings.Join(conditions, " "), true
}

// addresses gives the condition that a field is in one of the prefixes, "" if all are. It is false if none is IPv4.
func addresses(field string, prefixes []netip.Prefix) (string, bool) {
	if len(prefixes) == 0 {
		return "", true
	}
	v4 := merged(prefixes)
	switch {
	case len(v4) == 0:
		return "", false
	case v4[0].Bits() == 0:
		return "", true
	}
	var texts []string
	for _, p := range v4 {
		if p.IsSingleIP() {
			texts = append(texts, p.Addr().String())
		} else {
			texts = append(texts, p.String())
		}
	}
	return field + " " + set(texts), true
}

// merged sorts IPv4 prefixes and leaves out those within others: nft refuses sets whose elements overlap.
func merged(prefixes []netip.Prefix) []netip.Prefix {
	var sorted []netip.Prefix
	for _, p := range prefixes {
		if p.Addr().Is4() {
			sorted = append(sorted, p.Masked())
		}
	}
	slices.SortFunc(sorted, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	var kept []netip.Prefix
	for _, p := range sorted {
		if len(kept) == 0 || !kept[len(kept)-1].Overlaps(p) {
			kept = append(kept, p)
		}
	}
	return kept
}

// ports gives a set of ports, "" if it has all of them.
func ports(ranges []fabric.PortRange) string {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b fabric.PortRange) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last))
	})
	var joined []fabric.PortRange
	for _, r := range sorted {
		if n := len(joined); n > 0 && int(r.First) <= int(joined[n-1].Last)+1 {
			joined[n-1].Last = max(joined[n-1].Last, r.Last)
		} else {
			joined = append(joined, r)
		}
	}
	var texts []string
	for _, r := range joined {
		switch {
		case r.First == 0 && r.Last == 65535:
			return ""
		case r.First == r.Last:
			texts = append(texts, fmt.Sprint(r.First))
		default:
			texts = append(texts, fmt.Sprintf("%d-%d", r.First, r.Last))
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return set(texts)
}

// set writes a value, or several as nft's anonymous set.
func set(texts []string) string {
	if len(texts) == 1 {
		return texts[0]
	}
	return "{ " + strings.Join(texts, ", ") + " }"
}

func single(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, 32) }
