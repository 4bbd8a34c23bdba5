// Package address plans the addresses of a cluster's nodes, and holds ranges against each other: what clouds' networks have
// in common, the way out of them included.
package address

import (
	"fmt"
	"net/netip"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// firstNodeOffset leaves the low addresses of a subnet to the cloud (the first four are reserved) and to load balancers,
// which on Azure take the lowest free address when they are made before the brokers, on AWS any.
const firstNodeOffset = 10

// OfNode is a node's fixed private address: the subnet's base + 10 + node id, so that it depends on nothing but the id. It
// fails when the subnet has no such address, or reserves it (Azure and AWS keep the first four and the last).
func OfNode(subnet netip.Prefix, n kafka.Node) (string, error) {
	subnet = subnet.Masked()
	if !subnet.Addr().Is4() {
		return "", fmt.Errorf("%s is not an IPv4 subnet", subnet)
	}
	host := firstNodeOffset + n.ID
	size := 1 << (32 - subnet.Bits())
	if n.ID < 0 || host >= size-1 {
		return "", fmt.Errorf("node %d would be host %d of %s, which has room for hosts 4 to %d", n.ID, host, subnet, size-2)
	}
	return Nth(subnet, host).String(), nil
}

// Planned plans a node's address in the subnet that it is to be in; the subnet's own problems are said elsewhere.
func Planned(prefix func(kafka.Node) (netip.Prefix, error)) func(kafka.Node) (string, error) {
	return func(n kafka.Node) (string, error) {
		subnet, err := prefix(n)
		if err != nil {
			return "", kafka.ErrSaidElsewhere
		}
		return OfNode(subnet, n)
	}
}

// Nth is the n-th address of an IPv4 prefix, from 0.
func Nth(p netip.Prefix, n int) netip.Addr {
	b := p.Masked().Addr().As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += uint32(n)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// reserved says whether Azure or AWS keeps the address of a subnet for itself.
func reserved(p netip.Prefix, a netip.Addr) bool {
	size := 1 << (32 - p.Bits())
	for _, host := range []int{0, 1, 2, 3, size - 1} {
		if Nth(p, host) == a {
			return true
		}
	}
	return false
}

// Contains says whether all of a range lies in another.
func Contains(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// Private says whether all of a range is of RFC 1918.
func Private(p netip.Prefix) bool {
	for _, private := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"} {
		if Contains(netip.MustParsePrefix(private), p) {
			return true
		}
	}
	return false
}
