package addresses

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestASubnetKeepsFourAddressesAndTheLast(t *testing.T) {
	t.Parallel()
	subnet := netip.MustParsePrefix("10.0.1.0/28")
	for text, want := range map[string]bool{
		"10.0.1.0": false, "10.0.1.3": false, "10.0.1.4": true, "10.0.1.14": true, "10.0.1.15": false, "10.0.2.4": false,
	} {
		assert.Equal(t, want, Usable(subnet, netip.MustParseAddr(text)), text)
	}
	taken := map[netip.Addr]string{netip.MustParseAddr("10.0.1.4"): "someone"}
	assert.Equal(t, "10.0.1.5", LowestFree(subnet, taken))
	assert.Equal(t, 10, Free(subnet, taken, 100))
	assert.Equal(t, 8, Free(subnet, taken, 8))
	for address := subnet.Addr(); subnet.Contains(address); address = address.Next() {
		taken[address] = "someone"
	}
	assert.Empty(t, LowestFree(subnet, taken))
}

func TestWithin(t *testing.T) {
	t.Parallel()
	outer := netip.MustParsePrefix("10.0.0.0/16")
	assert.True(t, Within(netip.MustParsePrefix("10.0.9.0/24"), outer))
	assert.True(t, Within(outer, outer))
	assert.False(t, Within(netip.MustParsePrefix("10.1.0.0/24"), outer))
	assert.False(t, Within(netip.MustParsePrefix("10.0.0.0/8"), outer))
}
