package fabric_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func TestStrangersAreFoundWhereANeighbourGetsIn(t *testing.T) {
	t.Parallel()
	listener := fabric.FilterRule{Name: "listener", Allow: true, Protocol: "tcp", DestinationPorts: []fabric.PortRange{{First: 39092, Last: 39093}}}
	ssh := fabric.FilterRule{Name: "ssh", Allow: true, Protocol: "tcp", DestinationPorts: []fabric.PortRange{{First: 22, Last: 22}}}
	broker := netip.MustParseAddr("10.0.0.11")
	known := fabric.FilterRule{Name: "known", Allow: true, Sources: []netip.Prefix{netip.PrefixFrom(broker, 32)}}
	nobody := fabric.FilterRule{Name: "nobody"}
	for _, c := range []struct {
		name   string
		rules  []fabric.FilterRule
		strict bool
		want   []string
	}{
		{"nobody gets in", []fabric.FilterRule{known, nobody}, true, nil},
		{"no rule at all", nil, true, nil},
		{"two ports", []fabric.FilterRule{ssh, listener, nobody}, true, []string{"eth admits any neighbour in its subnet, such as 10.0.0.253, to tcp 22, 39092-39093"}},
		{"denied before it is allowed", []fabric.FilterRule{nobody, listener}, true, nil},
		{"a known sender's UDP", []fabric.FilterRule{{Name: "probes", Allow: true, Sources: []netip.Prefix{netip.MustParsePrefix("168.63.129.16/32")}}, nobody}, true, []string{
			"eth admits 168.63.129.16 to udp 1-65535, and Kafka speaks TCP only",
		}},
		{"no filter", nil, false, []string{
			"eth admits any neighbour in its subnet, such as 10.0.0.253, to tcp 1-65535",
			"eth admits any neighbour in its subnet, such as 10.0.0.253, to udp 1-65535",
			"eth admits 168.63.129.16 to udp 1-65535, and Kafka speaks TCP only",
		}},
	} {
		i := fabric.Interface{Name: "eth", Machine: "m", Address: broker, Subnet: netip.MustParsePrefix("10.0.0.0/24")}
		if c.strict {
			i.Inbound = []fabric.Filter{{Name: "filter", Rules: c.rules}}
		}
		f := fabric.Fabric{Prober: netip.MustParseAddr("168.63.129.16"), Interfaces: []fabric.Interface{i}, Rules: []fabric.Rule{{Frontend: netip.MustParseAddrPort("10.0.0.254:9093")}}}
		require.Equal(t, c.want, f.Strangers(), c.name)
	}
}

func TestASubnetWithoutAnAddressToSpareHasNoStranger(t *testing.T) {
	t.Parallel()
	f := fabric.Fabric{Interfaces: []fabric.Interface{
		{Machine: "a", Address: netip.MustParseAddr("10.0.0.1"), Subnet: netip.MustParsePrefix("10.0.0.0/30")},
		{Machine: "b", Address: netip.MustParseAddr("10.0.0.2"), Subnet: netip.MustParsePrefix("10.0.0.0/30")},
	}}
	require.Empty(t, f.Strangers())
}
