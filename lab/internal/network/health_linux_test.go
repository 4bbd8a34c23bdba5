package network

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// await waits until the network's health is as wanted.
func await(t *testing.T, n *Network, wanted func([]TargetHealth) bool) []TargetHealth {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		n.mu.Lock()
		changed := n.changed
		n.mu.Unlock()
		health := n.Health()
		if wanted(health) {
			return health
		}
		select {
		case <-changed:
		case <-ctx.Done():
			require.FailNow(t, "health does not become as wanted", "%+v", health)
		}
	}
}

func waitHealthy(t *testing.T, n *Network, rule string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, n.WaitHealthy(ctx, rule))
}

func TestTargetsAreDownUntilTheyAnswer(t *testing.T) {
	t.Parallel()
	f := probed(world())
	n := startWith(t, f)
	endpoint := endpointOf(t, n, tidb)
	requireDrop(t, n, n.Consumer(), endpoint, 9093, `"kafka-0": none of its targets is healthy`)
	serve(t, hostOf(t, n, broker0), "kafka-0", 9093)
	waitHealthy(t, n, f.Rules[0].Name)
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpoint, 9093))
	requireDrop(t, n, n.Consumer(), endpoint, 9094, `"kafka-1": none of its targets is healthy`)

	health := await(t, n, func(h []TargetHealth) bool { return h[0].Healthy && h[1].Said == "connection refused" })
	require.Equal(t, f.Rules[0].Name, health[0].Rule)
	require.Equal(t, broker0, health[0].Interface)
	require.Equal(t, "10.0.1.10:9093", health[0].Address.String())
	require.True(t, health[0].Healthy)
	require.Equal(t, "answered", health[0].Said)
	require.False(t, health[1].Healthy)
}

func TestVerdictsFollowTheTarget(t *testing.T) {
	t.Parallel()
	f := probed(world())
	n := startWith(t, f)
	endpoint := endpointOf(t, n, tidb)
	for range 2 {
		stop := serve(t, hostOf(t, n, broker0), "kafka-0", 9093)
		waitHealthy(t, n, f.Rules[0].Name)
		require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpoint, 9093))
		stop()
		health := await(t, n, func(h []TargetHealth) bool { return !h[0].Healthy })
		require.Equal(t, "connection refused", health[0].Said)
		requireDrop(t, n, n.Consumer(), endpoint, 9093, `"kafka-0": none of its targets is healthy`)
	}
}

func TestConnectionsGoToHealthyTargetsOnly(t *testing.T) {
	t.Parallel()
	f := world()
	f.Rules[0].Targets = append(f.Rules[0].Targets, f.Rules[1].Targets...)
	n := startWith(t, probed(f))
	serve(t, hostOf(t, n, broker1), "kafka-1", 9093)
	await(t, n, func(h []TargetHealth) bool { return h[1].Healthy })
	for range 20 {
		require.Equal(t, "kafka-1 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
	}
}

func TestProbesMeetSilence(t *testing.T) {
	t.Parallel()
	// Each of these keeps probes from their target, whose port is open.
	for name, breaks := range map[string]func(*testing.T, *Network){
		"its machine is off": func(t *testing.T, n *Network) { require.NoError(t, n.Power(broker0, false)) },
		"its filter denies them": func(t *testing.T, n *Network) {
			f := probed(world())
			f.Interfaces[0].Inbound[0].Rules = slices.Delete(f.Interfaces[0].Inbound[0].Rules, 2, 3)
			apply(t, n, f)
		},
		"its interface is gone": func(t *testing.T, n *Network) {
			f := probed(world())
			f.Interfaces = f.Interfaces[1:]
			apply(t, n, f)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := startWith(t, probed(world()))
			serveBrokers(t, n)
			waitHealthy(t, n, "")
			breaks(t, n)
			health := await(t, n, func(h []TargetHealth) bool { return !h[0].Healthy })
			require.Equal(t, "no answer", health[0].Said)
			requireDrop(t, n, n.Consumer(), endpointOf(t, n, tidb), 9093, `"kafka-0": none of its targets is healthy`)
			require.Equal(t, "kafka-1 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9094))
		})
	}
}

func TestProbesAreCountedByTheFilterThatAllowsThem(t *testing.T) {
	t.Parallel()
	n := startWith(t, probed(world()))
	serveBrokers(t, n)
	waitHealthy(t, n, "")
	require.NotZero(t, counter(t, n, `"kafka-0", inbound: allowed by network security group "kafka-nsg", `+
		`rule "AllowAzureLoadBalancerInBound"`).Packets)
}

func TestHealthIsKeptWhenOtherThingsChange(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	serveBrokers(t, n)
	apply(t, n, calm(world()))
	waitHealthy(t, n, "")
	before := n.Health()
	f := calm(world())
	f.Rules[2].Probe.Port = 1
	apply(t, n, f)
	after := await(t, n, func(h []TargetHealth) bool { return h[2].Said == "connection refused" })
	require.Equal(t, before[:2], after[:2])
	require.False(t, after[2].Healthy)
}

func TestWaitingForHealthSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := probed(world())
	n := startWith(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := n.WaitHealthy(ctx, f.Rules[0].Name)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, f.Rules[0].Name+": target 10.0.1.10:9093 is not healthy: ")
	require.NotContains(t, err.Error(), f.Rules[1].Name)
	require.ErrorContains(t, n.WaitHealthy(t.Context(), "x"), `no load balancer rule is called "x"`)
}

func TestWithoutProbesTargetsAreHealthy(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	require.NoError(t, n.WaitHealthy(t.Context(), ""))
	require.Equal(t, "not asked: the rule has no probe", n.Health()[0].Said)
	f := world()
	f.Rules = append(f.Rules, fabric.Rule{Name: "empty", Frontend: f.Rules[0].Frontend})
	apply(t, n, f)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorContains(t, n.WaitHealthy(ctx, ""), "empty has no targets")
}

func TestCloseEndsWaiting(t *testing.T) {
	t.Parallel()
	n := startWith(t, probed(world()))
	done := make(chan error, 1)
	go func() { done <- n.WaitHealthy(context.WithoutCancel(t.Context()), "") }()
	require.NoError(t, n.Close())
	require.ErrorIs(t, <-done, ErrClosed)
}

func TestAVerdictHoldsOnlyOnceTheRulesFollow(t *testing.T) {
	t.Parallel()
	logged := make(chan string, 1000)
	n := start(t) // nothing is probed yet, so nothing logs
	n.options.Log = func(format string, args ...any) { logged <- fmt.Sprintf(format, args...) }
	f := probed(world())
	f.Rules = f.Rules[:1]
	apply(t, n, f)

	n.mu.Lock()
	working := n.vnetTable.ns
	n.vnetTable.ns = Namespace{Name: "broken", Path: "/nonexistent"}
	n.mu.Unlock()
	serveBrokers(t, n)
	for text := ""; !strings.Contains(text, "keeps its health, as the rules could not be changed"); {
		select {
		case text = <-logged:
		case <-time.After(patience):
			require.FailNow(t, "nothing is logged")
		}
	}
	require.False(t, n.Health()[0].Healthy)
	n.mu.Lock()
	n.vnetTable.ns = working
	n.mu.Unlock()
	waitHealthy(t, n, "")
	require.Equal(t, "kafka-0 saw 10.0.2.4", ask(t, n.Consumer(), endpointOf(t, n, tidb), 9093))
}
