package network

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDialAsksForAnAddress(t *testing.T) {
	t.Parallel()
	n := start(t)
	_, err := n.Consumer().Dial(t.Context(), "tcp", "broker.example:9093")
	require.ErrorContains(t, err, "resolve names first")
}

func TestDialIsStoppedByItsContext(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	require.NoError(t, n.Power(broker0, false))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := n.Consumer().Dial(ctx, "tcp", endpointOf(t, n, tidb).String()+":9093")
		done <- err
	}()
	cancel()
	require.Error(t, <-done)
}

func TestDatagramsStayInside(t *testing.T) {
	t.Parallel()
	n := start(t)
	server, err := n.Consumer().ListenPacket("udp4", n.ConsumerAddress().String()+":53")
	require.NoError(t, err)
	defer func() { _ = server.Close() }()
	client, err := n.Consumer().Dial(t.Context(), "udp", n.ConsumerAddress().String()+":53")
	require.NoError(t, err)
	defer func() { _ = client.Close() }()
	_, err = client.Write([]byte("question"))
	require.NoError(t, err)
	buffer := make([]byte, 64)
	require.NoError(t, server.SetReadDeadline(time.Now().Add(patience)))
	size, _, err := server.ReadFrom(buffer)
	require.NoError(t, err)
	require.Equal(t, "question", string(buffer[:size]))
}

func TestDoGivesTheFunctionsErrorAndComesBack(t *testing.T) {
	t.Parallel()
	n := start(t)
	home, err := os.Readlink("/proc/thread-self/ns/net")
	require.NoError(t, err)
	wrong := errors.New("wrong")
	for range 50 {
		require.ErrorIs(t, n.Consumer().Do(func() error {
			inside, err := os.Readlink("/proc/thread-self/ns/net")
			require.NoError(t, err)
			require.NotEqual(t, home, inside)
			return wrong
		}), wrong)
		outside, err := os.Readlink("/proc/thread-self/ns/net")
		require.NoError(t, err)
		require.Equal(t, home, outside)
	}
	require.ErrorIs(t, n.Consumer().Do(func() error { runtime.Goexit(); return nil }), errLeft)
	require.ErrorContains(t, Namespace{Name: "none", Path: "/nonexistent"}.Do(func() error { return nil }), "none")
}

func TestListenIsOfTheNamespaceAlone(t *testing.T) {
	t.Parallel()
	n := startWith(t, world())
	// The same address and port, in two namespaces.
	serve(t, hostOf(t, n, broker0), "kafka-0", 7777)
	serve(t, hostOf(t, n, broker1), "kafka-1", 7777)
	_, err := net.Dial("tcp", "127.0.0.1:7777")
	require.Error(t, err)
	require.Equal(t, "kafka-0 saw 127.0.0.1", ask(t, hostOf(t, n, broker0), loopback, 7777))
	require.Equal(t, "kafka-1 saw 127.0.0.1", ask(t, hostOf(t, n, broker1), loopback, 7777))
}
