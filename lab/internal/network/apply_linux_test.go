package network

import (
	"context"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func TestApplyingTheSameChangesNothing(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093)
	before := snapshot(t, n)
	apply(t, n, world())
	require.Equal(t, before, snapshot(t, n))
}

// snapshot is what the kernel has: rules with their handles and counters, links with their numbers, routes.
func snapshot(t *testing.T, n *Network) map[string]string {
	t.Helper()
	shot := map[string]string{}
	for _, ns := range []Namespace{n.vnet, n.link, n.consumer, n.internet, hostOf(t, n, broker0)} {
		rules, err := newTableState(ns, rulesTable).nft(t.Context(), "", "-a", "list", "ruleset")
		require.NoError(t, err)
		shot[ns.Name+" rules"] = string(rules)
		require.NoError(t, ns.Do(func() error {
			links, err := net.Interfaces()
			for _, link := range links {
				shot[ns.Name+" "+link.Name] = link.HardwareAddr.String() + link.Flags.String()
			}
			return err
		}))
		// What a thread sees here is its own namespace's.
		require.NoError(t, ns.Do(func() error {
			routes, err := os.ReadFile("/proc/thread-self/net/route")
			shot[ns.Name+" routes"] = string(routes)
			return err
		}))
	}
	return shot
}

func TestInterfacesComeAndGo(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	first, ok := n.HostNamespace(broker0)
	require.True(t, ok)
	require.FileExists(t, first)

	f := world()
	f.Interfaces = f.Interfaces[1:]
	apply(t, n, f)
	_, ok = n.HostNamespace(broker0)
	require.False(t, ok)
	require.NoFileExists(t, first)
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, "no network interface has this address")
	require.Equal(t, "kafka-1 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9094))

	apply(t, n, world())
	second, _ := n.HostNamespace(broker0)
	require.NotEqual(t, first, second)
	serve(t, hostOf(t, n, broker0), "the new one", 9093)
	require.Equal(t, "the new one saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))

	apply(t, n, fabric.Fabric{})
	requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, "no private endpoint has this address")
}

func TestCountersGoOnWhenRulesAreReplaced(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093)
	for range 3 {
		f := world()
		f.Rules = f.Rules[:2]
		apply(t, n, f)
		apply(t, n, world())
	}
	require.EqualValues(t, 1, counter(t, n, `"kafka-0": takes`).Packets)
	ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093)
	require.EqualValues(t, 2, counter(t, n, `"kafka-0": takes`).Packets)
}

func TestCountersAreInTheOrderOfAPacketsWay(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	counters, err := n.Counters(t.Context())
	require.NoError(t, err)
	position := map[string]int{}
	for i, c := range counters {
		position[c.What] = i + 1
	}
	way := []string{
		`private endpoint "tidb": approved, taken to frontend 10.0.1.4 of private link service "kafka-pls"`,
		`private endpoint "tidb": source translated to 10.0.2.4 of private link service "kafka-pls"`,
		`load balancer "kafka-lb", rule "kafka-0": takes 10.0.1.4:9093`,
		`load balancer "kafka-lb", rule "kafka-0": to 10.0.1.10:9093 of network interface "kafka-0"`,
		`network interface "kafka-0", inbound: allowed by network security group "kafka-nsg", ` +
			`rule "allow-link" (priority 100)`,
		`network interface "kafka-0": 10.0.1.10 got it`,
	}
	for i, what := range way {
		require.NotZero(t, position[what], what)
		if i > 0 {
			require.Greater(t, position[what], position[way[i-1]], what)
		}
	}
}

func TestAFabricThatCannotBeMadeIsRefusedWhole(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	f := world()
	f.Interfaces[0].Inbound[0].Rules[0].Protocol = "esp"
	require.ErrorContains(t, n.Apply(t.Context(), f), "the lab cannot make this network: ")
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
}

func TestApplyCanBeTriedAgainAfterItWasStopped(t *testing.T) {
	t.Parallel()
	n := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, n.Apply(ctx, world()), context.Canceled)
	apply(t, n, world())
	serveBrokers(t, n)
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
}

func TestNamesOfResourcesCannotBreakRules(t *testing.T) {
	t.Parallel()
	f := world()
	f.Interfaces[0].Name = "\"; drop\n}\nflush ruleset #"
	f.Interfaces[0].Inbound[0].Rules[0].Name = `a\"b ` + "ünïcödé 日本語 日本語 日本語 日本語 日本語 日本語 日本語 日本語"
	n := startWith(t, f)
	serveBrokers(t, n)
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
	require.EqualValues(t, 1, counter(t, n, `a\"b ünïcödé 日本語`).Packets)
}
