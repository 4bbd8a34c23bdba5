package fabric_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func TestTheFirstRuleThatMatchesDecidesAndEveryFilterMustAllow(t *testing.T) {
	t.Parallel()
	probes, anybody := netip.MustParsePrefix("168.63.129.16/32"), netip.MustParsePrefix("0.0.0.0/0")
	listener := []fabric.PortRange{{First: 39092, Last: 39093}}
	open := fabric.Filter{Name: "subnet's", Rules: []fabric.FilterRule{{Name: "all", Allow: true}}}
	own := fabric.Filter{Name: "own", Rules: []fabric.FilterRule{
		{Name: "probes", Allow: true, Protocol: "tcp", Sources: []netip.Prefix{probes}, DestinationPorts: listener},
		{Name: "nobody", Sources: []netip.Prefix{anybody}},
	}}
	prober, other := netip.MustParseAddrPort("168.63.129.16:50000"), netip.MustParseAddrPort("10.0.1.4:50000")
	broker := netip.MustParseAddr("10.0.0.11")
	for _, c := range []struct {
		name     string
		filters  []fabric.Filter
		protocol string
		source   netip.AddrPort
		port     uint16
		denied   string
	}{
		{"no filter", nil, "tcp", other, 22, ""},
		{"allowed by all", []fabric.Filter{open, own}, "tcp", prober, 39093, ""},
		{"another port", []fabric.Filter{open, own}, "tcp", prober, 39094, "own, nobody"},
		{"another source", []fabric.Filter{open, own}, "tcp", other, 39092, "own, nobody"},
		{"another protocol", []fabric.Filter{own, open}, "udp", prober, 39092, "own, nobody"},
		{"no rule", []fabric.Filter{{Name: "empty"}}, "tcp", prober, 39092, "empty, no rule allows it"},
	} {
		by, denied := fabric.Interface{Inbound: c.filters}.Denied(c.protocol, c.source, netip.AddrPortFrom(broker, c.port))
		require.Equal(t, c.denied, by, c.name)
		require.Equal(t, c.denied != "", denied, c.name)
	}
}
