package address

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestNodeAddressFollowsTheIDAlone(t *testing.T) {
	t.Parallel()
	cases := []struct {
		subnet string
		id     int
		want   string
		err    string
	}{
		{"10.0.0.0/24", 1, "10.0.0.11", ""},
		{"10.0.0.0/24", 3, "10.0.0.13", ""},
		{"10.0.0.0/24", 101, "10.0.0.111", ""},
		{"10.0.0.128/25", 1, "10.0.0.139", ""},
		{"10.0.0.0/24", 244, "10.0.0.254", ""},
		{"10.0.0.0/24", 245, "", "node 245 would be host 255 of 10.0.0.0/24, which has room for hosts 4 to 254"},
		{"10.0.0.0/28", 5, "", "node 5 would be host 15 of 10.0.0.0/28, which has room for hosts 4 to 14"},
		{"10.0.0.0/16", 1000, "10.0.3.242", ""},
		{"10.0.0.0/24", -1, "", "node -1 would be host 9 of 10.0.0.0/24, which has room for hosts 4 to 254"},
		{"fd00::/64", 1, "", "fd00::/64 is not an IPv4 subnet"},
	}
	for _, c := range cases {
		got, err := OfNode(netip.MustParsePrefix(c.subnet), kafka.Node{ID: c.id})
		if c.err != "" {
			require.EqualError(t, err, c.err)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.want, got, "node %d in %s", c.id, c.subnet)
	}
}

func TestCloudsReserveFiveAddressesOfASubnet(t *testing.T) {
	t.Parallel()
	p := netip.MustParsePrefix("10.0.0.0/29")
	var free []string
	for a := p.Addr(); p.Contains(a); a = a.Next() {
		if !reserved(p, a) {
			free = append(free, a.String())
		}
	}
	require.Equal(t, []string{"10.0.0.4", "10.0.0.5", "10.0.0.6"}, free)
}
