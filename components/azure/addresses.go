package azure

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func itoa(n int) string { return strconv.Itoa(n) }

// firstNodeOffset leaves the low addresses of the brokers' subnet to Azure (the first four are reserved) and to load
// balancer frontends, which take the lowest free address when they are made before the brokers.
const firstNodeOffset = 10

// NodeAddress is a node's fixed private address: the subnet's base + 10 + node id, so that it depends on nothing but
// the id. It fails when the subnet has no such address, or reserves it (Azure keeps the first four and the last).
func NodeAddress(subnet netip.Prefix, n kafka.Node) (string, error) {
	subnet = subnet.Masked()
	if !subnet.Addr().Is4() {
		return "", fmt.Errorf("%s is not an IPv4 subnet", subnet)
	}
	host := firstNodeOffset + n.ID
	size := 1 << (32 - subnet.Bits())
	if n.ID < 0 || host >= size-1 {
		return "", fmt.Errorf("node %d would be host %d of %s, which has room for hosts 4 to %d", n.ID, host, subnet, size-2)
	}
	return nth(subnet, host).String(), nil
}

// nth is the n-th address of an IPv4 prefix.
func nth(p netip.Prefix, n int) netip.Addr {
	b := p.Masked().Addr().As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += uint32(n)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// reserved says whether Azure keeps the address of a subnet for itself.
func reserved(p netip.Prefix, a netip.Addr) bool {
	size := 1 << (32 - p.Bits())
	for _, host := range []int{0, 1, 2, 3, size - 1} {
		if nth(p, host) == a {
			return true
		}
	}
	return false
}
