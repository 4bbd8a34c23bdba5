package network

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

const (
	// patience is for what must happen, however slow the machine is.
	patience = 20 * time.Second
	// silence is how long an answer is waited for that must not come.
	silence = 300 * time.Millisecond
)

var opened atomic.Int64

// start opens a network of the test's own, and sees that nothing is left of it.
func start(t *testing.T) *Network {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("network namespaces need root: run these tests as root, as in `sudo go test ./lab/internal/network`")
	}
	prefix := fmt.Sprintf("kltest%dx%d", os.Getpid(), opened.Add(1))
	n, err := Open(t.Context(), Options{Prefix: prefix, Mirror: mirror, Log: t.Logf})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, n.Close())
		requireNothingLeft(t, prefix)
	})
	return n
}

func requireNothingLeft(t *testing.T, prefix string) {
	t.Helper()
	left, err := Leftovers(func(p string) bool { return p == prefix })
	require.NoError(t, err)
	require.Empty(t, left)
}

// startWith opens a network with a fabric.
func startWith(t *testing.T, f fabric.Fabric) *Network {
	t.Helper()
	n := start(t)
	apply(t, n, f)
	return n
}

func apply(t *testing.T, n *Network, f fabric.Fabric) {
	t.Helper()
	require.NoError(t, n.Apply(t.Context(), f))
}

func hostOf(t *testing.T, n *Network, id string) Namespace {
	t.Helper()
	ns, ok := n.Host(id)
	require.True(t, ok, "no host for %s", id)
	return ns
}

// serve answers every connection to a port with the server's name and the address it sees the client at.
func serve(t *testing.T, ns Namespace, name string, port int) (stop func()) {
	t.Helper()
	listener, err := ns.Listen("tcp4", fmt.Sprintf(":%d", port))
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			client := conn.RemoteAddr().(*net.TCPAddr).IP
			_, _ = fmt.Fprintf(conn, "%s saw %s", name, client)
			_ = conn.Close()
		}
	}()
	stop = func() {
		_ = listener.Close()
		<-done
	}
	t.Cleanup(stop)
	return stop
}

// serveBrokers has each broker of the world say its name at port 9093.
func serveBrokers(t *testing.T, n *Network) {
	t.Helper()
	for name, id := range map[string]string{"kafka-0": broker0, "kafka-1": broker1, "kafka-2": broker2} {
		serve(t, hostOf(t, n, id), name, 9093)
	}
}

// ask gives what a server answers.
func ask(t *testing.T, from Namespace, address netip.Addr, port int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := from.Dial(ctx, "tcp", fmt.Sprintf("%s:%d", address, port))
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(answer)
}

// requireSilence sees that no answer comes, not even a refusal.
func requireSilence(t *testing.T, from Namespace, address netip.Addr, port int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), silence)
	defer cancel()
	conn, err := from.Dial(ctx, "tcp", fmt.Sprintf("%s:%d", address, port))
	if err == nil {
		_ = conn.Close()
	}
	var failure net.Error
	require.ErrorAs(t, err, &failure)
	require.True(t, failure.Timeout(), "%v", err)
}

func endpointOf(t *testing.T, n *Network, connection string) netip.Addr {
	t.Helper()
	address, ok := n.Endpoint(connection, "")
	require.True(t, ok)
	return address
}

// counter gives the one counter whose text contains what is given.
func counter(t *testing.T, n *Network, text string) Counter {
	t.Helper()
	counters, err := n.Counters(t.Context())
	require.NoError(t, err)
	var found []Counter
	for _, c := range counters {
		if strings.Contains(c.What, text) {
			found = append(found, c)
		}
	}
	require.Len(t, found, 1, "%q in %v", text, counters)
	return found[0]
}

// requireDrop sees that an attempt ends in silence at the drop whose text is given.
func requireDrop(t *testing.T, n *Network, from Namespace, address netip.Addr, port int, text string) {
	t.Helper()
	before := counter(t, n, text)
	require.True(t, before.Drops, before.What)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		requireSilence(t, from, address, port)
		if counter(t, n, text).Packets > before.Packets {
			return
		}
	}
	require.FailNow(t, "nothing was dropped", before.What) // a slow machine may not get to sending once, but not for ever
}
