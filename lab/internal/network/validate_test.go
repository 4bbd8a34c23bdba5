package network

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func TestFabricsThatCannotBeMade(t *testing.T) {
	t.Parallel()
	v6 := netip.MustParseAddr("fd00::1")
	for want, change := range map[string]func(*fabric.Fabric){
		`its address must be an IPv4 address and is "fd00::1"`: func(f *fabric.Fabric) { f.Interfaces[0].Address = v6 },
		`does not contain its address 10.0.1.10`: func(f *fabric.Fabric) {
			f.Interfaces[0].Subnet = netip.MustParsePrefix("10.0.5.0/24")
		},
		`network interface "kafka-0" has its address 10.0.1.10 too`: func(f *fabric.Fabric) {
			f.Interfaces[1].Address = f.Interfaces[0].Address
		},
		`its id "/nics/kafka-0" is empty or another's`: func(f *fabric.Fabric) { f.Interfaces[1].ID = broker0 },
		`the address of its egress must be an IPv4`: func(f *fabric.Fabric) {
			f.Interfaces[0].Egress.Address = netip.Addr{}
		},
		`the lab does not know protocol "esp"`: func(f *fabric.Fabric) {
			f.Interfaces[0].Inbound[0].Rules[0].Protocol = "esp"
		},
		`the range of ports 9-1 ends before it begins`: func(f *fabric.Fabric) {
			f.Interfaces[0].Inbound[0].Rules[0].SourcePorts = []fabric.PortRange{{First: 9, Last: 1}}
		},
		`its frontend has no port`: func(f *fabric.Fabric) { f.Rules[0].Frontend = netip.AddrPortFrom(frontend, 0) },
		`its target 10.0.1.10:0 has no port`: func(f *fabric.Fabric) {
			f.Rules[0].Targets[0].Address = netip.AddrPortFrom(f.Interfaces[0].Address, 0)
		},
		`health probes: the address they come from`: func(f *fabric.Fabric) { *f = probed(*f); f.Prober = netip.Addr{} },
		`its frontend 192.168.100.2 is an address of the consumer's network`: func(f *fabric.Fabric) {
			f.Services[0].Frontend = consumerAddress
		},
		`it translates sources to 10.0.1.10, which network interface "kafka-0" has`: func(f *fabric.Fabric) {
			f.Services[0].Sources = []netip.Addr{f.Interfaces[0].Address}
		},
		`private endpoint "tidb": its id "" is empty or another's`: func(f *fabric.Fabric) { f.Connections[0].ID = "" },
	} {
		f := world()
		require.NoError(t, check(f))
		change(&f)
		require.ErrorContains(t, check(f), want)
	}
}

func TestWhatIsMerelyUselessCanBeMade(t *testing.T) {
	t.Parallel()
	f := world()
	f.Services[0].Frontend, f.Services[0].Sources = netip.Addr{}, nil
	f.Rules[0].Targets[0].Interface = "/nics/gone"
	f.Rules[1].Targets = nil
	f.Connections[0].Service = "/pls/gone"
	require.NoError(t, check(f))
	require.NoError(t, check(fabric.Fabric{}))
}
