package network

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// forgetful is a world whose load balancer and private link forget idle connections.
func forgetful(balancer, service fabric.Idle) fabric.Fabric {
	f := world()
	for i := range f.Rules {
		f.Rules[i].Idle = balancer
	}
	f.Services[0].Idle = service
	return f
}

// echo sends back every line, and tells how each connection ended.
func echo(t *testing.T, ns Namespace, port int) <-chan error {
	t.Helper()
	listener, err := ns.Listen("tcp4", fmt.Sprintf(":%d", port))
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	ended := make(chan error, 9)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, err := io.Copy(conn, conn)
				_ = conn.Close()
				ended <- err
			}()
		}
	}()
	return ended
}

// open makes a connection over which nothing is sent but what is said.
func open(t *testing.T, n *Network, port int) net.Conn {
	t.Helper()
	return openAt(t, n, endpointOf(t, n, tidb), port)
}

func openAt(t *testing.T, n *Network, address netip.Addr, port int) net.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := n.Consumer().Dial(ctx, "tcp", fmt.Sprintf("%s:%d", address, port))
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).SetKeepAlive(false))
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func say(t *testing.T, conn net.Conn, within time.Duration) error {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Now().Add(within)))
	if _, err := fmt.Fprintln(conn, "hello"); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && line != "hello\n" {
		return fmt.Errorf("%q came back", line)
	}
	return err
}

const (
	brief = 3 * time.Second // as long as a connection is remembered
	long  = brief + time.Second
)

func TestAnIdleConnectionIsForgottenWithoutAWord(t *testing.T) {
	t.Parallel()
	n := startWith(t, forgetful(fabric.Idle{After: brief}, fabric.Idle{}))
	echo(t, hostOf(t, n, broker0), 9093)
	conn := open(t, n, 9093)
	require.NoError(t, say(t, conn, patience))
	time.Sleep(long)
	require.ErrorIs(t, say(t, conn, silence), os.ErrDeadlineExceeded)
	require.NotZero(t, counter(t, n, `rule "kafka-0": over a connection that was idle for 3s`).Packets)
	require.NoError(t, say(t, open(t, n, 9093), patience), "another connection")
}

func TestWhoeverSendsOverAForgottenConnectionIsToldByALoadBalancerThatResets(t *testing.T) {
	t.Parallel()
	n := startWith(t, forgetful(fabric.Idle{After: brief, Resets: true}, fabric.Idle{}))
	ended := echo(t, hostOf(t, n, broker0), 9093)
	conn := open(t, n, 9093)
	require.NoError(t, say(t, conn, patience))
	time.Sleep(long)
	require.ErrorIs(t, say(t, conn, patience), syscall.ECONNRESET)
	select {
	case err := <-ended:
		t.Fatal("the broker was told, though it has sent nothing: ", err)
	case <-time.After(silence):
	}
}

func TestABrokerThatSendsOverAForgottenConnectionIsTold(t *testing.T) {
	t.Parallel()
	n := startWith(t, forgetful(fabric.Idle{After: brief, Resets: true}, fabric.Idle{}))
	listener, err := hostOf(t, n, broker0).Listen("tcp4", ":9093")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	open(t, n, 9093)
	taken, err := listener.Accept()
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	requireReset(t, taken)
	require.NotZero(t, counter(t, n, `rule "kafka-0": back over a connection that was idle for 3s`).Packets)
}

// A node's own security group is not asked about the reset that a broker gets.
func TestABrokerBehindANodeIsTold(t *testing.T) {
	t.Parallel()
	f := zonal()
	for i := range f.Rules {
		f.Rules[i].Probe = fabric.Probe{}
		f.Rules[i].Idle = fabric.Idle{After: brief, Resets: true}
	}
	n := startWith(t, f)
	listener, err := hostOf(t, n, broker0).Listen("tcp4", ":9093")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	address, ok := n.Endpoint(f.Connections[0].ID, zoneA)
	require.True(t, ok)
	conn := openAt(t, n, address, 9093)
	taken, err := listener.Accept()
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	requireReset(t, taken)
	require.ErrorIs(t, say(t, conn, patience), syscall.ECONNRESET)
}

// requireReset sends over a connection that is forgotten by now, and wants to be told.
func requireReset(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.(*net.TCPConn).SetKeepAlive(false))
	time.Sleep(long)
	_, err := fmt.Fprintln(conn, "late")
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	_, err = conn.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ECONNRESET)
}

func TestThePrivateLinkForgetsToo(t *testing.T) {
	t.Parallel()
	n := startWith(t, forgetful(fabric.Idle{After: time.Hour}, fabric.Idle{After: brief}))
	echo(t, hostOf(t, n, broker0), 9093)
	conn := open(t, n, 9093)
	require.NoError(t, say(t, conn, patience))
	time.Sleep(long)
	require.ErrorIs(t, say(t, conn, silence), os.ErrDeadlineExceeded)
	require.NotZero(t, counter(t, n, `private link service "kafka-pls": over a connection that was idle for 3s`).Packets)
}

func TestAConnectionThatIsKeptAliveIsRemembered(t *testing.T) {
	t.Parallel()
	n := startWith(t, forgetful(fabric.Idle{After: 2 * brief}, fabric.Idle{After: 2 * brief}))
	echo(t, hostOf(t, n, broker0), 9093)
	conn := open(t, n, 9093)
	alive := net.KeepAliveConfig{Enable: true, Idle: time.Second, Interval: time.Second}
	require.NoError(t, conn.(*net.TCPConn).SetKeepAliveConfig(alive))
	time.Sleep(3 * brief)
	require.NoError(t, say(t, conn, patience))
}

func TestConnectionsAreRememberedWhileRulesChange(t *testing.T) {
	t.Parallel()
	f := forgetful(fabric.Idle{After: 3 * brief, Resets: true}, fabric.Idle{})
	n := startWith(t, f)
	echo(t, hostOf(t, n, broker0), 9093)
	conn := open(t, n, 9093)
	require.NoError(t, say(t, conn, patience))
	f.Interfaces = slices.Clone(f.Interfaces)
	f.Interfaces[1].Inbound = nil
	apply(t, n, f)
	require.NoError(t, say(t, conn, patience))
	time.Sleep(3 * long)
	require.ErrorIs(t, say(t, conn, patience), syscall.ECONNRESET)
}

func TestIdleTimePassesFaster(t *testing.T) {
	t.Parallel()
	n := startWith(t, forgetful(fabric.Idle{After: 4 * time.Minute, Resets: true}, fabric.Idle{After: 5 * time.Minute}))
	require.ErrorContains(t, n.Hasten(t.Context(), 0), "1 is as fast as in the cloud")
	require.NoError(t, n.Hasten(t.Context(), 80))
	echo(t, hostOf(t, n, broker0), 9093)
	hastened := open(t, n, 9093)
	require.NoError(t, say(t, hastened, patience))
	time.Sleep(long)
	require.Error(t, say(t, hastened, silence))
	require.NoError(t, n.Hasten(t.Context(), 1))
	conn := open(t, n, 9093)
	require.NoError(t, say(t, conn, patience))
	time.Sleep(long)
	require.NoError(t, say(t, conn, patience))
}
