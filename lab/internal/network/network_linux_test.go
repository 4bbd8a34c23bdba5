package network

import (
	"context"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func TestCloseLeavesNothingAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	n := startWith(t, probed(world()))
	names, err := filepath.Glob(directory + "/" + n.options.Prefix + "-*")
	require.NoError(t, err)
	require.Len(t, names, 7)
	require.NoError(t, n.Close())
	requireNothingLeft(t, n.options.Prefix)
	require.NoError(t, n.Close())

	require.ErrorIs(t, n.Apply(t.Context(), world()), ErrClosed)
	require.ErrorIs(t, n.Power(broker0, true), ErrClosed)
	_, err = n.Counters(t.Context())
	require.ErrorIs(t, err, ErrClosed)
	_, err = n.Trace(t.Context(), tidb, "", 9093)
	require.ErrorIs(t, err, ErrClosed)
	_, ok := n.Host(broker0)
	require.False(t, ok)
}

func TestCloseCutsOffProgramsThatStillRun(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	ns := hostOf(t, n, broker0)
	command := exec.Command("cat")
	input, err := command.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, ns.Do(command.Start))
	defer func() {
		require.NoError(t, input.Close())
		require.NoError(t, command.Wait())
	}()
	require.NoError(t, n.Close())
	requireNothingLeft(t, n.options.Prefix)
}

func TestNothingIsVisibleOutside(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	var names []string
	for _, ns := range []Namespace{n.vnet, n.link, n.consumer, n.internet, hostOf(t, n, broker0)} {
		require.NoError(t, ns.Do(func() error {
			data, err := os.ReadFile("/proc/thread-self/net/dev")
			names = append(names, string(data))
			return err
		}))
	}
	require.Contains(t, names[0], "h1:")
	outside, err := os.ReadFile("/proc/thread-self/net/dev")
	require.NoError(t, err)
	for _, device := range []string{"h1:", "link:", "consumer:", "internet:", "vnet:"} {
		require.NotContains(t, string(outside), device)
	}
}

func TestNamespacesHaveNoIPv6(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	for _, ns := range []Namespace{n.vnet, n.link, n.consumer, n.internet, hostOf(t, n, broker0)} {
		require.NoError(t, ns.Do(func() error {
			addresses, err := os.ReadFile("/proc/thread-self/net/if_inet6")
			require.Empty(t, string(addresses), ns.Name)
			return err
		}))
	}
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	n := start(t)
	_, err := Open(t.Context(), Options{Prefix: n.options.Prefix})
	require.ErrorContains(t, err, "another run has them, or was killed")
	left, err := Leftovers(func(p string) bool { return p == n.options.Prefix })
	require.NoError(t, err)
	require.NotEmpty(t, left, "the other network's namespaces are still there")

	for _, prefix := range []string{"", "a-b", "../x", "A"} {
		_, err = Open(t.Context(), Options{Prefix: prefix})
		require.ErrorContains(t, err, "must be small letters and digits")
		require.ErrorContains(t, Remove(prefix), "must be small letters and digits")
	}
	_, err = Open(t.Context(), Options{Prefix: "klv6", Mirror: netip.MustParseAddr("::1")})
	require.ErrorContains(t, err, "is not IPv4")
}

func TestOpenThatIsStoppedLeavesNothing(t *testing.T) {
	t.Parallel()
	prefix := start(t).options.Prefix + "stopped"
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ctx, Options{Prefix: prefix})
	require.ErrorIs(t, err, context.Canceled)
	requireNothingLeft(t, prefix)
}

func TestLeftoversOfAKilledRunAreFoundAndRemoved(t *testing.T) {
	t.Parallel()
	// A network that is forgotten without Close is what a killed run leaves.
	n := startWith(t, world())
	prefix := n.options.Prefix
	left, err := Leftovers(func(p string) bool { return p == prefix })
	require.NoError(t, err)
	require.Equal(t, []string{prefix}, left)
	// It may have been killed between the name and its namespace.
	require.NoError(t, os.WriteFile(directory+"/"+prefix+"-h99", nil, 0o444))
	require.NoError(t, Remove(prefix))
	requireNothingLeft(t, prefix)
	require.NoError(t, Remove(prefix))

	again, err := Open(t.Context(), Options{Prefix: prefix, Mirror: mirror})
	require.NoError(t, err)
	require.NoError(t, again.Apply(t.Context(), fabric.Fabric{}))
	require.NoError(t, again.Close())
}
