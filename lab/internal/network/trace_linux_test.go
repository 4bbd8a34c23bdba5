package network

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func traceOf(t *testing.T, n *Network, port uint16) Trace {
	t.Helper()
	trace, err := n.Trace(t.Context(), tidb, "", port)
	require.NoError(t, err)
	return trace
}

func kinds(trace Trace) (kinds []Kind) {
	for _, hop := range trace.Hops {
		kinds = append(kinds, hop.Kind)
	}
	return kinds
}

func TestTraceOfAConnectionThatIsMade(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	apply(t, n, calm(world()))
	waitHealthy(t, n, "")
	trace := traceOf(t, n, 9094)
	for i, hop := range trace.Hops {
		require.Equal(t, i == 0, hop.Packets == 0, "packets of %s", hop.What)
		trace.Hops[i].Packets = 0 // probes may have met the same rules
	}
	require.Equal(t, Trace{
		Connection: `private endpoint "tidb"`,
		Endpoint:   mustAddrPort("192.168.100.4:9094"),
		Outcome:    Answered,
		Hops: []Hop{
			{Kind: KindEndpoint, What: `private endpoint "tidb"`, Verdict: Passed, Detail: "192.168.100.4:9094"},
			{
				Kind: KindApproval, Verdict: Passed,
				What: `private endpoint "tidb": approved, taken to frontend 10.0.1.4 of private link service "kafka-pls"`,
			},
			{
				Kind: KindSource, Verdict: Passed, Detail: "appears as 10.0.2.4",
				What: `private endpoint "tidb": source translated to 10.0.2.4 of private link service "kafka-pls"`,
			},
			{Kind: KindBalancer, Verdict: Passed, What: `load balancer "kafka-lb", rule "kafka-1": takes 10.0.1.4:9094`},
			{
				Kind: KindTarget, Verdict: Passed, Detail: "healthy: answered", Interface: broker1,
				What: `load balancer "kafka-lb", rule "kafka-1": to 10.0.1.11:9093 of network interface "kafka-1"`,
			},
			{
				Kind: KindFilter, Verdict: Passed, Interface: broker1,
				What: `network interface "kafka-1", inbound: allowed by network security group "kafka-nsg", ` +
					`rule "allow-link" (priority 100)`,
			},
			{
				Kind: KindHost, Verdict: Answered, Detail: "the connection was made", Interface: broker1,
				What: `network interface "kafka-1": 10.0.1.11 got it`,
			},
		},
	}, trace)
	_, guilty := trace.Guilty()
	require.False(t, guilty)
}

// Timeouts are rules of another table, numbered as those that decide are.
func TestTraceKnowsRulesFromTimeouts(t *testing.T) {
	t.Parallel()
	f := calm(forgetful(fabric.Idle{After: time.Hour}, fabric.Idle{After: time.Hour}))
	for i := range 20 {
		another := f.Connections[len(f.Connections)-1]
		another.ID = fmt.Sprintf("/connections/%d", i)
		f.Connections = slices.Insert(f.Connections, 0, another)
	}
	n := start(t)
	apply(t, n, world())
	serveBrokers(t, n)
	apply(t, n, f)
	waitHealthy(t, n, "")
	with := kinds(traceOf(t, n, 9093))
	apply(t, n, calm(world()))
	require.Equal(t, kinds(traceOf(t, n, 9093)), with)
	require.Contains(t, with, KindTarget)
}

func TestTraceFindsWhatIsGuilty(t *testing.T) {
	t.Parallel()
	type ranges = []fabric.PortRange
	for name, c := range map[string]struct {
		change  func(*fabric.Fabric)
		after   func(*testing.T, *Network)
		port    uint16
		outcome Verdict
		guilty  Hop
	}{
		"a connection that is not approved": {
			change: func(f *fabric.Fabric) { f.Connections[0].Approved, f.Connections[0].Status = false, "Pending" },
			guilty: Hop{
				Kind: KindApproval, Verdict: Dropped,
				What: `private endpoint "tidb": not approved by private link service "kafka-pls", its status is Pending`,
			},
		},
		"a service that is gone": {
			change: func(f *fabric.Fabric) { f.Services = nil },
			guilty: Hop{
				Kind: KindApproval, Verdict: Dropped,
				What: `private endpoint "tidb": the service it was made for does not exist`,
			},
		},
		"a port without a rule": {
			change: func(f *fabric.Fabric) { f.Rules = f.Rules[1:] },
			guilty: Hop{
				Kind: KindBalancer, Verdict: Dropped, What: `frontend 10.0.1.4: no load balancer rule for this port`,
			},
		},
		"a load balancer that is gone": {
			change: func(f *fabric.Fabric) { f.Rules = nil },
			guilty: Hop{
				Kind: KindBalancer, Verdict: Dropped, What: `frontend 10.0.1.4: no load balancer rule for this port`,
			},
		},
		"a target that is not healthy": {
			change: func(f *fabric.Fabric) { *f = calm(*f); f.Rules[0].Probe.Port = 9999 },
			after: func(t *testing.T, n *Network) {
				await(t, n, func(h []TargetHealth) bool { return h[0].Said == "connection refused" })
			},
			guilty: Hop{
				Kind: KindBalancer, Verdict: Dropped, Detail: "10.0.1.10:9093 is not healthy: connection refused",
				What: `load balancer "kafka-lb", rule "kafka-0": none of its targets is healthy`,
			},
		},
		"a filter's rule": {
			change: func(f *fabric.Fabric) {
				f.Interfaces[0].Inbound[0].Rules = append([]fabric.FilterRule{{
					Name: `rule "no-kafka" (priority 90)`, Protocol: "tcp", DestinationPorts: ranges{{First: 9093, Last: 9093}},
				}}, f.Interfaces[0].Inbound[0].Rules...)
			},
			guilty: Hop{
				Kind: KindFilter, Verdict: Dropped, Interface: broker0,
				What: `network interface "kafka-0", inbound: denied by network security group "kafka-nsg", ` +
					`rule "no-kafka" (priority 90)`,
			},
		},
		"a second filter": {
			change: func(f *fabric.Fabric) {
				f.Interfaces[0].Inbound = append(f.Interfaces[0].Inbound, fabric.Filter{Name: "the subnet's"})
			},
			guilty: Hop{
				Kind: KindFilter, Verdict: Dropped, Interface: broker0,
				What: `network interface "kafka-0", inbound: denied by the subnet's, none of whose rules matches`,
			},
		},
		"a target that nothing has": {
			change: func(f *fabric.Fabric) { f.Rules[0].Targets[0].Address = mustAddrPort("10.0.1.99:9093") },
			guilty: Hop{Kind: KindRoute, Verdict: Dropped, What: "no network interface has this address"},
		},
		"an interface without a machine": {
			change: func(f *fabric.Fabric) { f.Interfaces[0].Machine = "" },
			guilty: Hop{
				Kind: KindMachine, Verdict: Dropped, Interface: broker0,
				What: `network interface "kafka-0": no machine is attached to it`,
			},
		},
		"a machine that is off": {
			after: func(t *testing.T, n *Network) { require.NoError(t, n.Power(broker0, false)) },
			guilty: Hop{
				Kind: KindMachine, Verdict: Dropped, Interface: broker0, What: `network interface "kafka-0": its machine is off`,
			},
		},
		"a port where nothing listens": {
			change:  func(f *fabric.Fabric) { f.Rules[0].Targets[0].Address = mustAddrPort("10.0.1.10:9095") },
			outcome: Refused,
			guilty: Hop{
				Kind: KindHost, Verdict: Refused, Interface: broker0, Detail: "connection refused: nothing listens at this port",
				What: `network interface "kafka-0": 10.0.1.10 got it`,
			},
		},
		"a host that does not answer": {
			after: func(t *testing.T, n *Network) {
				_, err := newTableState(hostOf(t, n, broker0), "firewall").nft(t.Context(), `table ip firewall {
					chain input { type filter hook input priority filter; policy drop; }
				}`, "-f", "-")
				require.NoError(t, err)
			},
			guilty: Hop{
				Kind: KindHost, Verdict: Silent, Interface: broker0, Detail: "no answer in 2s",
				What: `network interface "kafka-0": 10.0.1.10 got it`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := world()
			if c.change != nil {
				c.change(&f)
			}
			n := startWith(t, f)
			serveBrokers(t, n)
			if c.after != nil {
				c.after(t, n)
			}
			if c.outcome == "" {
				c.outcome = Silent
			}
			trace := traceOf(t, n, 9093)
			require.Equal(t, c.outcome, trace.Outcome)
			got, guilty := trace.Guilty()
			require.True(t, guilty, "%+v", trace)
			require.NotZero(t, got.Packets)
			got.Packets = 0
			require.Equal(t, c.guilty, got)
			require.Equal(t, got.Verdict, trace.Hops[len(trace.Hops)-1].Verdict, "a trace ends where the packet does")
			seen := map[string]bool{}
			for _, hop := range trace.Hops {
				require.False(t, hop.Kind != KindEndpoint && seen[hop.What], "%s is there twice", hop.What)
				seen[hop.What] = true
			}
		})
	}
}

func TestTraceIsNotConfusedByOtherTraffic(t *testing.T) {
	t.Parallel()
	f := world()
	f.Rules[1].Targets = nil
	f.Connections = append(f.Connections, f.Connections[0])
	f.Connections[1].ID, f.Connections[1].Name, f.Connections[1].Approved = "/connections/other", "another", false
	n := startWith(t, f)
	serveBrokers(t, n)
	apply(t, n, calm(f))
	waitHealthy(t, n, f.Rules[0].Name)
	tidbAt, otherAt := endpointOf(t, n, tidb), endpointOf(t, n, "/connections/other")

	// Clients that never give up, at every other way through the network.
	ctx, cancel := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for _, address := range []string{
		tidbAt.String() + ":9094", tidbAt.String() + ":9095", tidbAt.String() + ":9999", otherAt.String() + ":9093",
	} {
		clients.Go(func() {
			for ctx.Err() == nil {
				attempt, stop := context.WithTimeout(ctx, 20*time.Millisecond)
				if conn, err := n.Consumer().Dial(attempt, "tcp", address); err == nil {
					_ = conn.Close()
				}
				stop()
			}
		})
	}
	defer clients.Wait()
	defer cancel()
	made := []Kind{KindEndpoint, KindApproval, KindSource, KindBalancer, KindTarget, KindFilter, KindHost}
	for range 10 {
		require.Equal(t, made, kinds(traceOf(t, n, 9093)))
	}
	guilty, _ := traceOf(t, n, 9094).Guilty()
	require.Equal(t, `load balancer "kafka-lb", rule "kafka-1": it has no targets`, guilty.What)
}

func TestTraceOfAnEndpointThatIsGone(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	f := world()
	f.Connections = nil
	apply(t, n, f)
	trace := traceOf(t, n, 9093)
	guilty, _ := trace.Guilty()
	require.Equal(t, "no private endpoint has this address", guilty.What)
	require.Equal(t, []Kind{KindEndpoint, KindApproval}, kinds(trace))

	_, err := n.Trace(t.Context(), "/connections/unknown", "", 9093)
	require.ErrorContains(t, err, "the network has never had it")
}

func TestTraceIsStoppedByItsContext(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := n.Trace(ctx, tidb, "", 9093)
	require.ErrorIs(t, err, context.Canceled)
}

func TestTraceSaysWhichOfSeveralTargets(t *testing.T) {
	t.Parallel()
	f := world()
	f.Rules[0].Targets = slices.Concat(f.Rules[0].Targets, f.Rules[1].Targets)
	n := startWith(t, f)
	serve(t, hostOf(t, n, broker0), "kafka-0", 9093) // and nothing at broker 1
	seen := map[Verdict]string{}
	for i := 0; len(seen) < 2; i++ {
		require.Less(t, i, 200)
		trace := traceOf(t, n, 9093)
		seen[trace.Outcome] = trace.Hops[len(trace.Hops)-1].Interface
	}
	require.Equal(t, map[Verdict]string{Answered: broker0, Refused: broker1}, seen)
}

func TestTraceIsAPlainValue(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	trace := traceOf(t, n, 9093)
	data, err := json.Marshal(trace)
	require.NoError(t, err)
	require.Contains(t, string(data), `"endpoint":"192.168.100.4:9093","outcome":"refused","hops":[{"kind":"endpoint"`)
	var read Trace
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, trace, read)
}
