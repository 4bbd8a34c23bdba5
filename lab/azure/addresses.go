package azure

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

// addressSpace is what service tags mean in one virtual network.
type addressSpace struct {
	network, internet []netip.Prefix
}

// notInternet are the ranges that Azure leaves out of the service tag Internet where it shows what the tag stands for
// (learn.microsoft.com, Network Watcher, "View security group view of a VM"). The simulated cloud's public addresses,
// of 203.0.113.0/24, are in the tag.
var notInternet = mustParse(
	"0.0.0.0/8", "10.0.0.0/8", "25.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
)

func mustParse(texts ...string) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, text := range texts {
		prefixes = append(prefixes, netip.MustParsePrefix(text))
	}
	return prefixes
}

var platformOnly = netip.PrefixFrom(platform, 32)

// spaceOf reads a network's address space. VirtualNetwork holds the platform's address too, so that a rule which denies
// that tag denies the health probes (the same page shows it); Internet is what lies outside of both.
func (r *reader) spaceOf(network *simcloud.Resource) addressSpace {
	var space addressSpace
	for _, text := range network.Properties.Texts("addressSpace.addressPrefixes") {
		prefix, err := netip.ParsePrefix(text)
		if err != nil || !prefix.Addr().Is4() {
			r.Say("%s: its address range %s is not of IPv4 and is left out", called("virtual network", network.ID), text)
			continue
		}
		space.network = append(space.network, prefix.Masked())
	}
	space.network = append(space.network, platformOnly)
	space.internet = without(reading.Everything, slices.Concat(space.network, notInternet))
	return space
}

// prefixes reads the addresses of a rule. None at all with some means every address; some is false if it names none
// that the lab has.
func (r *reader) prefixes(rule string, texts []string, space addressSpace) (prefixes []netip.Prefix, some bool) {
	for _, text := range texts {
		switch strings.ToLower(text) { // and the spelling of the classic deployment model, which ARM takes too
		case "*", "any":
			return nil, true
		case "virtualnetwork", "virtual_network":
			prefixes = append(prefixes, space.network...)
			continue
		case "azureloadbalancer", "azure_loadbalancer":
			prefixes = append(prefixes, platformOnly)
			continue
		case "internet":
			prefixes = append(prefixes, space.internet...)
			continue
		}
		prefix, ok := r.Prefix(rule, text, "neither an address nor a service tag that is modelled")
		if !ok {
			continue
		}
		if prefix == reading.Everything {
			return nil, true
		}
		prefixes = append(prefixes, prefix)
	}
	return widest(prefixes), len(prefixes) > 0
}

// widest leaves out ranges that lie in another one of the list. Two ranges either lie apart or one in the other.
func widest(prefixes []netip.Prefix) []netip.Prefix {
	var kept []netip.Prefix
	for i, prefix := range prefixes {
		covered := false
		for j, other := range prefixes {
			within := other.Bits() <= prefix.Bits() && other.Contains(prefix.Addr())
			covered = covered || within && (other != prefix || j < i)
		}
		if !covered {
			kept = append(kept, prefix)
		}
	}
	return kept
}

// without gives the ranges of IPv4 that are left of one when holes are taken out of it, in order.
func without(whole netip.Prefix, holes []netip.Prefix) []netip.Prefix {
	untouched := true
	for _, hole := range holes {
		if hole.Bits() <= whole.Bits() && hole.Contains(whole.Addr()) {
			return nil
		}
		untouched = untouched && !hole.Overlaps(whole)
	}
	if untouched {
		return []netip.Prefix{whole}
	}
	bit := whole.Bits() // the first one below the prefix: the halves differ in it
	middle := whole.Addr().As4()
	middle[bit/8] |= 0x80 >> (bit % 8)
	return append(
		without(netip.PrefixFrom(whole.Addr(), bit+1), holes),
		without(netip.PrefixFrom(netip.AddrFrom4(middle), bit+1), holes)...,
	)
}
