package consumer_test

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/consumer"
)

// sockets are for a name server on loopback, with one port for both.
func sockets(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 20 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		pc, err := net.ListenPacket("udp", l.Addr().String())
		if err == nil {
			return pc, l
		}
		require.NoError(t, l.Close())
	}
	require.Fail(t, "no port is free for both UDP and TCP")
	return nil, nil
}

// serveNames until the test ends, and gives the address.
func serveNames(t *testing.T, names consumer.Names) (*consumer.NameServer, string) {
	t.Helper()
	pc, l := sockets(t)
	s, err := consumer.ServeNames(t.Context(), pc, l, names)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, l.Addr().String()
}

func ask(t *testing.T, network, server, name string, kind uint16) *dns.Msg {
	t.Helper()
	client := &dns.Client{Net: network}
	answer, _, err := client.ExchangeContext(t.Context(), new(dns.Msg).SetQuestion(dns.Fqdn(name), kind), server)
	require.NoError(t, err)
	return answer
}

func TestNames(t *testing.T) {
	t.Parallel()
	names, server := serveNames(t, consumer.Names{
		"*.abc.eastus.azure.3199745.tidbcloud.com":   {netip.MustParseAddr("192.168.100.4")},
		"*.b.abc.eastus.azure.3199745.tidbcloud.com": {netip.MustParseAddr("192.168.100.5")},
		"Exact.example": {netip.MustParseAddr("192.168.100.6")},
	})
	tests := []struct {
		about, name string
		kind        uint16
		rcode       int
		address     string
	}{
		{"a wildcard", "b1.abc.eastus.azure.3199745.tidbcloud.com", dns.TypeA, dns.RcodeSuccess, "192.168.100.4"},
		{"a wildcard, further down", "x.y.abc.eastus.azure.3199745.tidbcloud.com", dns.TypeA, dns.RcodeSuccess, "192.168.100.4"},
		{"the closest wildcard", "x.b.abc.eastus.azure.3199745.tidbcloud.com", dns.TypeA, dns.RcodeSuccess, "192.168.100.5"},
		{"capitals", "B1.ABC.eastus.azure.3199745.TiDBcloud.com", dns.TypeA, dns.RcodeSuccess, "192.168.100.4"},
		{"an exact name", "exact.example", dns.TypeA, dns.RcodeSuccess, "192.168.100.6"},
		{"no IPv6, but the name is there", "exact.example", dns.TypeAAAA, dns.RcodeSuccess, ""},
		{"what is above a wildcard", "abc.eastus.azure.3199745.tidbcloud.com", dns.TypeA, dns.RcodeNameError, ""},
		{"what is below an exact name", "b1.exact.example", dns.TypeA, dns.RcodeNameError, ""},
		{"another's name", "b1.abd.eastus.azure.3199745.tidbcloud.com", dns.TypeA, dns.RcodeNameError, ""},
		{"the root", ".", dns.TypeA, dns.RcodeNameError, ""},
	}
	for _, test := range tests {
		for _, network := range []string{"udp", "tcp"} {
			t.Run(test.about+" over "+network, func(t *testing.T) {
				answer := ask(t, network, server, test.name, test.kind)
				require.Equal(t, dns.RcodeToString[test.rcode], dns.RcodeToString[answer.Rcode])
				if test.address == "" {
					require.Empty(t, answer.Answer)
					return
				}
				require.Len(t, answer.Answer, 1)
				a, ok := answer.Answer[0].(*dns.A)
				require.True(t, ok, "%T", answer.Answer[0])
				require.Equal(t, test.address, a.A.String())
			})
		}
	}
	t.Run("names are replaced as a whole", func(t *testing.T) {
		require.NoError(t, names.Set(consumer.Names{"*.new.example": {netip.MustParseAddr("192.168.100.7")}}))
		require.Equal(t, dns.RcodeNameError, ask(t, "udp", server, "exact.example", dns.TypeA).Rcode)
		require.Len(t, ask(t, "udp", server, "b1.new.example", dns.TypeA).Answer, 1)
	})
	t.Run("names that cannot be served change nothing", func(t *testing.T) {
		for name, address := range map[string]string{
			"b*.new.example": "192.168.100.7", "*": "192.168.100.7", "": "192.168.100.7", "a..b": "192.168.100.7",
			"six.example": "fd00::1",
		} {
			require.ErrorContains(t, names.Set(consumer.Names{name: {netip.MustParseAddr(address)}}), "cannot serve", name)
		}
		require.Len(t, ask(t, "udp", server, "b1.new.example", dns.TypeA).Answer, 1)
	})
}

func TestNamesEndWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pc, l := sockets(t)
	s, err := consumer.ServeNames(ctx, pc, l, nil)
	require.NoError(t, err)
	cancel()
	require.NoError(t, s.Close())
	_, err = net.Dial("tcp", l.Addr().String())
	require.Error(t, err)
	_, _, err = pc.ReadFrom(make([]byte, 1))
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestNamesNeedASocket(t *testing.T) {
	t.Parallel()
	_, err := consumer.ServeNames(t.Context(), nil, nil, nil)
	require.ErrorContains(t, err, "needs a socket")
}
