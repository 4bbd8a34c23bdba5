package network

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

const (
	zoneA = "usw2-az1"
	zoneB = "usw2-az2"
)

var (
	nodeA  = netip.MustParseAddr("10.0.1.5")
	nodeB  = netip.MustParseAddr("10.0.1.6")
	client = netip.MustParseAddr("10.250.0.10")
)

func allows(name string, sources, destinations []netip.Prefix, first, last uint16) []fabric.Filter {
	return []fabric.Filter{{Name: name, Rules: []fabric.FilterRule{{
		Name: `rule "allow"`, Allow: true, Protocol: "tcp", Sources: sources, Destinations: destinations,
		DestinationPorts: []fabric.PortRange{{First: first, Last: last}},
	}}}}
}

// zonal is a world of two brokers, each in a zone with a node of a load balancer: 9093 leads to the first, 9094 to the
// second, 9092 to that of the zone. Brokers admit the nodes alone, and the nodes the client.
func zonal() fabric.Fabric {
	whole := world()
	f := fabric.Fabric{Interfaces: whole.Interfaces[:2]}
	targets := map[string]fabric.Target{}
	for i := range f.Interfaces {
		f.Interfaces[i].Inbound = allows(`security group "brokers"`, []netip.Prefix{single(nodeA), single(nodeB)}, nil, 9093, 9093)
		f.Interfaces[i].Outbound = []fabric.Filter{{Name: `security group "brokers"`}} // nothing by itself
		targets[[]string{zoneA, zoneB}[i]] = fabric.Target{Interface: f.Interfaces[i].ID, Address: netip.AddrPortFrom(f.Interfaces[i].Address, 9093)}
	}
	probe := fabric.Probe{Name: "health check", OwnPort: true, Interval: 50 * time.Millisecond, Threshold: 2}
	for _, n := range []struct {
		zone    string
		address netip.Addr
	}{{zoneA, nodeA}, {zoneB, nodeB}} {
		name := `load balancer "kafka-lb" in ` + n.zone
		f.Nodes = append(f.Nodes, fabric.Node{
			Name: name, Balancer: "kafka-lb.elb", Zone: n.zone, Address: n.address,
			Inbound:  allows(`security group "lb"`, []netip.Prefix{netip.MustParsePrefix("10.250.0.0/16")}, nil, 9092, 9095),
			Outbound: allows(`security group "lb"`, nil, []netip.Prefix{brokers}, 9093, 9093),
		})
		own := targets[n.zone]
		f.Rules = append(f.Rules, fabric.Rule{
			Name: name + ", listener 9092", Frontend: netip.AddrPortFrom(n.address, 9092), Targets: []fabric.Target{own}, Probe: probe, FailOpen: 1, KeepsName: 1,
		})
		for port, zone := range map[uint16]string{9093: zoneA, 9094: zoneB} {
			rule := fabric.Rule{Name: name + ", listener " + map[uint16]string{9093: "9093", 9094: "9094"}[port], Frontend: netip.AddrPortFrom(n.address, port), Probe: probe, FailOpen: 1}
			if zone == n.zone {
				rule.Targets = []fabric.Target{own}
			} else {
				rule.Without = "all targets are in other zones"
			}
			f.Rules = append(f.Rules, rule)
		}
	}
	f.Services = []fabric.Service{{ID: "/services/kafka", Name: `endpoint service "kafka"`, Zones: map[string]netip.Addr{zoneA: nodeA, zoneB: nodeB}}}
	f.Connections = []fabric.Connection{{
		ID: tidb, Name: `private endpoint "tidb"`, Service: "/services/kafka", Approved: true, Zones: []string{zoneA, zoneB}, Client: client,
	}}
	return f
}

func startZonal(t *testing.T, f fabric.Fabric) *Network {
	t.Helper()
	n := startWith(t, f)
	for i, name := range []string{"kafka-0", "kafka-1"} {
		serve(t, hostOf(t, n, f.Interfaces[i].ID), name, 9093)
	}
	return n
}

func endpointIn(t *testing.T, n *Network, zone string) netip.Addr {
	t.Helper()
	address, ok := n.Endpoint(tidb, zone)
	require.True(t, ok)
	return address
}

func TestEachZonesEndpointLeadsToItsNodeWhoseAddressBrokersSee(t *testing.T) {
	t.Parallel()
	n := startZonal(t, zonal())
	require.NoError(t, n.WaitHealthy(t.Context(), ""), "a rule whose targets are elsewhere waits for none")
	require.NotEqual(t, endpointIn(t, n, zoneA), endpointIn(t, n, zoneB))
	require.Equal(t, "kafka-0 saw 10.0.1.5", ask(t, n.Consumer(), endpointIn(t, n, zoneA), 9092))
	require.Equal(t, "kafka-1 saw 10.0.1.6", ask(t, n.Consumer(), endpointIn(t, n, zoneB), 9092))
	require.Equal(t, "kafka-0 saw 10.0.1.5", ask(t, n.Consumer(), endpointIn(t, n, zoneA), 9093))
	requireDrop(t, n, n.Consumer(), endpointIn(t, n, zoneB), 9093, `load balancer "kafka-lb" in usw2-az2, listener 9093: all targets are in other zones`)

	trace, err := n.Trace(t.Context(), tidb, zoneB, 9094)
	require.NoError(t, err)
	require.Equal(t, Answered, trace.Outcome)
	var kinds []Kind
	for _, hop := range trace.Hops {
		kinds = append(kinds, hop.Kind)
	}
	require.Equal(t, []Kind{
		KindEndpoint, KindApproval, KindSource, KindFilter, KindBalancer, KindTarget, KindFilter, KindSource, KindFilter, KindHost,
	}, kinds, "the node's filters, before and after, and then the broker's: %v", trace.Hops)
	require.Equal(t, `private endpoint "tidb" in usw2-az2`, trace.Connection)
}

func TestANodesInboundFilterSeesTheClient(t *testing.T) {
	t.Parallel()
	f := zonal()
	f.Connections[0].Client = netip.MustParseAddr("172.31.0.10")
	n := startZonal(t, f)
	require.NoError(t, n.WaitHealthy(t.Context(), ""))
	requireDrop(t, n, n.Consumer(), endpointIn(t, n, zoneA), 9093,
		`load balancer "kafka-lb" in usw2-az1, inbound: denied by security group "lb", none of whose rules matches`)
	trace, err := n.Trace(t.Context(), tidb, zoneA, 9093)
	require.NoError(t, err)
	guilty, ok := trace.Guilty()
	require.True(t, ok)
	require.Equal(t, KindFilter, guilty.Kind)

	for i := range f.Nodes {
		f.Nodes[i].LinkPasses = true
	}
	apply(t, n, f)
	require.Equal(t, "kafka-0 saw 10.0.1.5", ask(t, n.Consumer(), endpointIn(t, n, zoneA), 9093))
}

func TestHealthChecksAndPacketsObeyTheNodesOutboundAndTheBrokersInboundFilters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*fabric.Fabric)
		drop   string
	}{
		{"no way out of the node", func(f *fabric.Fabric) {
			for i := range f.Nodes {
				f.Nodes[i].Outbound = []fabric.Filter{{Name: `security group "lb"`}}
			}
		}, `load balancer "kafka-lb" in usw2-az1, outbound: denied by security group "lb", none of whose rules matches`},
		{"no way into the broker", func(f *fabric.Fabric) {
			f.Interfaces[0].Inbound = []fabric.Filter{{Name: `security group "brokers"`}}
		}, `network interface "kafka-0", inbound: denied by security group "brokers", none of whose rules matches`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := zonal()
			n := startZonal(t, f)
			require.NoError(t, n.WaitHealthy(t.Context(), ""))
			c.change(&f)
			before := counter(t, n, c.drop).Packets
			apply(t, n, f)
			requireEventually(t, func() bool { return !healthOfTarget(n, f.Rules[0].Name) && counter(t, n, c.drop).Packets > before })
			// Nobody is healthy, so that the packets are sent all the same, and end at the filter too.
			requireDrop(t, n, n.Consumer(), endpointIn(t, n, zoneA), 9093, c.drop)
		})
	}
}

func TestWhereNobodyIsHealthyAllTargetsGetPackets(t *testing.T) {
	t.Parallel()
	f := zonal()
	for i := range f.Rules {
		f.Rules[i].Probe.Port, f.Rules[i].Probe.OwnPort = 9999, false // nothing listens there
	}
	n := startZonal(t, f)
	require.Equal(t, "kafka-0 saw 10.0.1.5", ask(t, n.Consumer(), endpointIn(t, n, zoneA), 9093))
	counter(t, n, `listener 9092: takes 10.0.1.5:9092, and sends to all of its targets, as too few are healthy`)
	for i := range f.Rules {
		f.Rules[i].FailOpen = 0
	}
	apply(t, n, f)
	requireDrop(t, n, n.Consumer(), endpointIn(t, n, zoneA), 9093, `usw2-az1, listener 9093: none of its targets is healthy`)
}

func TestAZoneWithoutEnoughHealthyTargetsLeavesTheNameUnlessAllDo(t *testing.T) {
	t.Parallel()
	f := zonal()
	n := startWith(t, f)
	require.Equal(t, []netip.Addr{nodeA, nodeB}, n.Named("kafka-lb.elb"), "all are out: all are in")
	stop := serve(t, hostOf(t, n, broker0), "kafka-0", 9093)
	requireEventually(t, func() bool { return len(n.Named("kafka-lb.elb")) == 1 })
	require.Equal(t, []netip.Addr{nodeA}, n.Named("kafka-lb.elb"))
	serve(t, hostOf(t, n, broker1), "kafka-1", 9093)
	requireEventually(t, func() bool { return len(n.Named("kafka-lb.elb")) == 2 })
	stop()
	requireEventually(t, func() bool { return len(n.Named("kafka-lb.elb")) == 1 })
	require.Equal(t, []netip.Addr{nodeB}, n.Named("kafka-lb.elb"))
	require.Empty(t, n.Named("another"))
}

func TestAMachineInsideReachesANodeByItsOwnOutboundFilterAndTheNodesInbound(t *testing.T) {
	t.Parallel()
	f := zonal()
	n := startZonal(t, f)
	require.NoError(t, n.WaitHealthy(t.Context(), ""))
	requireDrop(t, n, hostOf(t, n, broker1), nodeA, 9093, `network interface "kafka-1", outbound: denied by security group "brokers"`)
	f.Interfaces[1].Outbound = allows(`security group "brokers"`, nil, []netip.Prefix{single(nodeA)}, 9093, 9093)
	apply(t, n, f)
	requireDrop(t, n, hostOf(t, n, broker1), nodeA, 9093, `load balancer "kafka-lb" in usw2-az1, inbound: denied by security group "lb"`)
	f.Nodes[0].Inbound = nil
	apply(t, n, f)
	require.Equal(t, "kafka-0 saw 10.0.1.5", ask(t, hostOf(t, n, broker1), nodeA, 9093))
}

func healthOfTarget(n *Network, rule string) bool {
	for _, h := range n.Health() {
		if h.Rule == rule {
			return h.Healthy
		}
	}
	return false
}

func requireEventually(t *testing.T, done func() bool) {
	t.Helper()
	require.Eventually(t, done, patience, 20*time.Millisecond)
}
