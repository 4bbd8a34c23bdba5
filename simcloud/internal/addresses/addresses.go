// Package addresses is what the subnets of simulated clouds have in common.
package addresses

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/simcloud"
)

// reserved are the first addresses of a subnet, which Azure and AWS keep: network, gateway, DNS. They also keep the
// last one.
const reserved = 4

// Usable says whether a subnet can give an address away.
func Usable(subnet netip.Prefix, address netip.Addr) bool {
	first := subnet.Addr()
	for range reserved {
		if address == first {
			return false
		}
		first = first.Next()
	}
	return subnet.Contains(address) && subnet.Contains(address.Next())
}

// LowestFree is the first usable address of a subnet that nobody has, or "". taken says who has the others.
func LowestFree(subnet netip.Prefix, taken map[netip.Addr]string) string {
	for address := subnet.Addr(); subnet.Contains(address); address = address.Next() {
		if Usable(subnet, address) && taken[address] == "" {
			return address.String()
		}
	}
	return ""
}

// TakePublic gives a resource the lowest free public address of a range as an output, unless it has one. Those that are taken are
// the same output of all resources of a type, or of any where token is empty. False: none is free.
func TakePublic(t *simcloud.Transaction, public netip.Prefix, token, output string) bool {
	if t.After.Computed.Has(output) {
		return true
	}
	taken := map[netip.Addr]string{}
	for _, r := range t.World.List(token) {
		if address, err := netip.ParseAddr(r.Computed.Text(output)); err == nil {
			taken[address] = r.ID
		}
	}
	address := LowestFree(public, taken)
	if address == "" {
		return false
	}
	t.After.Computed[output] = address
	return true
}

// Free counts the usable addresses of a subnet that nobody has, up to enough.
func Free(subnet netip.Prefix, taken map[netip.Addr]string, enough int) (free int) {
	for address := subnet.Addr(); subnet.Contains(address) && free < enough; address = address.Next() {
		if Usable(subnet, address) && taken[address] == "" {
			free++
		}
	}
	return free
}

// Within says whether a range lies in another.
func Within(inner, outer netip.Prefix) bool {
	return outer.Contains(inner.Addr()) && outer.Bits() <= inner.Bits()
}
