package network

import (
	"context"
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func TestPortsOfTheEndpointReachTheirBrokersFromTheServicesAddress(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	endpoint := endpointOf(t, n, tidb)
	require.Equal(t, "192.168.100.4", endpoint.String())
	for i, name := range []string{"kafka-0", "kafka-1", "kafka-2"} {
		require.Equal(t, name+" saw 10.0.2.4", ask(t, n.Consumer(), endpoint, 9093+i))
		require.EqualValues(t, 1, counter(t, n, `"`+name+`": takes`).Packets)
		require.EqualValues(t, 1, counter(t, n, `"`+name+`", inbound: allowed by network security group "kafka-nsg", `+
			`rule "allow-link"`).Packets)
	}
	require.EqualValues(t, 3, counter(t, n, "source translated to 10.0.2.4").Packets)
}

func TestHostsReachEachOtherThroughTheirFilters(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serve(t, hostOf(t, n, broker1), "kafka-1", 9092)
	serve(t, hostOf(t, n, broker1), "kafka-1", 22)
	address := netip.MustParseAddr("10.0.1.11")
	require.Equal(t, "kafka-1 saw 10.0.1.10", ask(t, hostOf(t, n, broker0), address, 9092))
	requireDrop(t, n, hostOf(t, n, broker0), address, 22,
		`"kafka-1", inbound: denied by network security group "kafka-nsg", rule`)
}

func TestHostsReachTheFrontend(t *testing.T) {
	t.Parallel()
	f := world()
	f.Interfaces[1].Inbound = nil
	n := startWith(t, f)
	serveBrokers(t, n)
	require.Equal(t, "kafka-1 saw 10.0.1.10", ask(t, hostOf(t, n, broker0), frontend, 9094))
}

func TestOutboundFiltersDrop(t *testing.T) {
	t.Parallel()
	f := world()
	f.Interfaces[0].Outbound[0].Rules = nil
	n := startWith(t, f)
	serve(t, hostOf(t, n, broker1), "kafka-1", 9092)
	requireDrop(t, n, hostOf(t, n, broker0), netip.MustParseAddr("10.0.1.11"), 9092,
		`"kafka-0", outbound: denied by network security group "kafka-nsg", none of whose rules matches`)
	// What others began is answered.
	serve(t, hostOf(t, n, broker0), "kafka-0", 9092)
	require.Equal(t, "kafka-0 saw 10.0.1.11", ask(t, hostOf(t, n, broker1), netip.MustParseAddr("10.0.1.10"), 9092))
}

func TestAllFiltersMustAllow(t *testing.T) {
	t.Parallel()
	f := world()
	no := fabric.FilterRule{
		Name: "no 9093", Protocol: "tcp", DestinationPorts: []fabric.PortRange{{First: 9093, Last: 9093}},
	}
	second := fabric.Filter{Name: "the subnet's", Rules: []fabric.FilterRule{no}}
	f.Interfaces[0].Inbound = append(f.Interfaces[0].Inbound, second)
	n := startWith(t, f)
	serveBrokers(t, n)
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, "denied by the subnet's, no 9093")
	require.EqualValues(t, 1, counter(t, n, `"kafka-0", inbound: allowed by network security group "kafka-nsg", `+
		`rule "allow-link"`).Packets)
}

func TestAPortWithoutARuleIsSilent(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serve(t, hostOf(t, n, broker0), "kafka-0", 9999)
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9999, "frontend 10.0.1.4: no load balancer rule for this port")
}

func TestARuleWithoutTargetsIsSilent(t *testing.T) {
	t.Parallel()
	f := world()
	f.Rules[0].Targets = nil
	n := startWith(t, f)
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, `"kafka-0": it has no targets`)
}

func TestAPortWhereNothingListensIsRefused(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	_, err := n.Consumer().Dial(t.Context(), "tcp", fmt.Sprintf("%s:9093", endpointOf(t, n, tidb)))
	require.ErrorContains(t, err, "connection refused")
}

func TestAddressesThatNobodyHasAreSilent(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	for _, address := range []string{"10.0.1.99", "10.200.0.1", "169.254.169.254"} {
		requireDrop(t, n, hostOf(t, n, broker0), netip.MustParseAddr(address), 80, "no network interface has this address")
	}
	requireDrop(t, n, hostOf(t, n, broker0), prober, 80, "sends health probes and takes no connections")
	requireDrop(t, n, hostOf(t, n, broker0), source, 80, "own address takes no connections")
	requireDrop(t, n, n.Consumer(), netip.MustParseAddr("192.168.100.77"), 9093, "no private endpoint has this address")
	requireDrop(t, n, n.Consumer(), netip.MustParseAddr("10.0.1.10"), 9093, "no private endpoint has this address")
}

func TestAConnectionThatIsNotApprovedIsSilent(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	endpoint := endpointOf(t, n, tidb)
	ask(t, n.Consumer(), endpoint, 9093)

	rejected := world()
	rejected.Connections[0].Approved, rejected.Connections[0].Status = false, "Rejected"
	apply(t, n, rejected)
	requireDrop(t, n, n.Consumer(), endpoint, 9093,
		`not approved by private link service "kafka-pls", its status is Rejected`)

	apply(t, n, world())
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpoint, 9093))
}

func TestConnectionsKeepTheirEndpoints(t *testing.T) {
	t.Parallel()
	f := world()
	n := startWith(t, f)
	other := f.Connections[0]
	other.ID = "/connections/other"
	f = world()
	f.Connections = []fabric.Connection{other}
	apply(t, n, f)
	require.Equal(t, "192.168.100.4", endpointOf(t, n, tidb).String())
	require.Equal(t, "192.168.100.5", endpointOf(t, n, other.ID).String())
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, "no private endpoint has this address")
	_, known := n.Endpoint("/connections/unknown", "")
	require.False(t, known)
}

func TestPacketsDoNotCrossVirtualNetworks(t *testing.T) {
	t.Parallel()
	f := world()
	f.Interfaces[0].Network = "/vnets/other"
	f.Interfaces[1].Inbound, f.Interfaces[0].Outbound = nil, nil
	n := startWith(t, f)
	serveBrokers(t, n)
	crossing := "from virtual network /vnets/other to another"
	requireDrop(t, n, hostOf(t, n, broker0), netip.MustParseAddr("10.0.1.11"), 9093, crossing)
	requireDrop(t, n, hostOf(t, n, broker0), frontend, 9094, crossing)
}

func TestAServiceMayHaveSeveralSources(t *testing.T) {
	t.Parallel()
	f := world()
	f.Services[0].Sources = []netip.Addr{source, source.Next()}
	n := startWith(t, f)
	serveBrokers(t, n)
	seen := map[string]bool{}
	for i := 0; len(seen) < 2; i++ {
		require.Less(t, i, 200, "connections always come from %v", seen)
		seen[ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093)] = true
	}
	require.Equal(t, map[string]bool{"kafka-0 saw 10.0.2.4": true, "kafka-0 saw 10.0.2.5": true}, seen)
}

func TestTargetsShareConnections(t *testing.T) {
	t.Parallel()
	f := world()
	f.Rules[0].Targets = append(f.Rules[0].Targets, f.Rules[1].Targets...)
	n := startWith(t, f)
	serveBrokers(t, n)
	seen := map[string]bool{}
	for i := 0; len(seen) < 2; i++ {
		require.Less(t, i, 200, "connections always go to %v", seen)
		seen[ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093)] = true
	}
	require.Equal(t, map[string]bool{"kafka-0 saw 10.0.2.4": true, "kafka-1 saw 10.0.2.4": true}, seen)
}

func TestSwappedTargetsAreFollowed(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	f := world()
	f.Rules[0].Targets, f.Rules[1].Targets = f.Rules[1].Targets, f.Rules[0].Targets
	apply(t, n, f)
	require.Equal(t, "kafka-1 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9094))
}

func TestSwappedAddressesAreFollowed(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	f := world()
	f.Interfaces[0].Address, f.Interfaces[1].Address = f.Interfaces[1].Address, f.Interfaces[0].Address
	apply(t, n, f)
	require.Equal(t, "kafka-1 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9094))
}

func TestEgress(t *testing.T) {
	t.Parallel()
	f := world()
	f.Interfaces[1].Egress = fabric.Egress{}
	n := startWith(t, f)
	serve(t, n.Internet(), "mirror", 80)
	require.Equal(t, "mirror saw 198.51.100.7", ask(t, hostOf(t, n, broker0), mirror, 80))
	require.EqualValues(t, 1, counter(t, n, `"kafka-0": to the internet through NAT gateway "kafka-nat"`).Packets)
	requireDrop(t, n, hostOf(t, n, broker1), mirror, 80, `"kafka-1": no way out to the internet`)
	requireDrop(t, n, n.Internet(), netip.MustParseAddr("10.0.1.10"), 9093, "from the internet")
	requireDrop(t, n, n.Internet(), outside, 9093, "from the internet")
}

func TestPower(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	endpoint := endpointOf(t, n, tidb)
	for range 2 {
		require.NoError(t, n.Power(broker0, false))
		requireDrop(t, n, n.Consumer(), endpoint, 9093, `"kafka-0": its machine is off`)
		apply(t, n, world())
		requireSilence(t, n.Consumer(), endpoint, 9093)
		require.NoError(t, n.Power(broker0, true))
		require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpoint, 9093))
	}
	serve(t, n.Internet(), "mirror", 80)
	require.Equal(t, "mirror saw 198.51.100.7", ask(t, hostOf(t, n, broker0), mirror, 80))
	require.ErrorContains(t, n.Power("/nics/unknown", true), "the network has none with this id")
}

func TestAPoweredOffHostSaysNothingEither(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serve(t, n.Internet(), "mirror", 80)
	require.NoError(t, n.Power(broker0, false))
	_, err := hostOf(t, n, broker0).Dial(t.Context(), "tcp", mirror.String()+":80")
	require.ErrorContains(t, err, "network is unreachable")
}

func TestAnInterfaceWithoutAMachineIsSilent(t *testing.T) {
	t.Parallel()
	f := world()
	f.Interfaces[0].Machine = ""
	n := startWith(t, f)
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, `"kafka-0": no machine is attached to it`)
	apply(t, n, world())
	serveBrokers(t, n)
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
}

func TestEstablishedConnectionsSurviveChangedRules(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	listener, err := hostOf(t, n, broker0).Listen("tcp4", ":9093")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	client, err := n.Consumer().Dial(ctx, "tcp", fmt.Sprintf("%s:9093", endpointOf(t, n, tidb)))
	require.NoError(t, err)
	defer func() { _ = client.Close() }()
	server, err := listener.Accept()
	require.NoError(t, err)
	defer func() { _ = server.Close() }()

	f := world()
	f.Interfaces[0].Inbound[0].Rules = nil
	apply(t, n, f)
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, `"kafka-0", inbound: denied`)
	_, err = client.Write([]byte("still here"))
	require.NoError(t, err)
	buffer := make([]byte, 10)
	_, err = server.Read(buffer)
	require.NoError(t, err)
	require.Equal(t, "still here", string(buffer))
}
