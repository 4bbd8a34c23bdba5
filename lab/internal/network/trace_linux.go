package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Trace tries one connection from the consumer's network to a port of a private endpoint, in one of its zones, or "" if it
// is in none, and says which rules its first packet met. The kernel reports them for this packet alone, so other traffic does not confuse it. The network
// keeps still meanwhile, for two seconds at most: health does not change, and other methods wait.
//
// A connection that cannot be made is no error: see Trace.Guilty.
func (n *Network) Trace(ctx context.Context, connectionID, zone string, port uint16) (Trace, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return Trace{}, ErrClosed
	}
	address, ok := n.endpoint(connectionID, zone)
	if !ok {
		return Trace{}, fmt.Errorf(
			"trace private endpoint %s: the network has never had it; Apply gives endpoints addresses", connectionID)
	}
	a := attempt{connection: connectionID, endpoint: netip.AddrPortFrom(address, port), health: n.healthOf}
	for _, c := range n.fabric.Connections {
		if c.ID == connectionID {
			a.connection = endpoint{connection: c, zone: zone}.name()
		}
	}
	if err := n.try(ctx, &a); err != nil {
		return Trace{}, fmt.Errorf("trace %s to %s: %w", a.connection, a.endpoint, err)
	}
	return a.trace(), nil
}

// try makes the attempt and learns what met it.
func (n *Network) try(ctx context.Context, a *attempt) error {
	before, err := n.counters(ctx)
	if err != nil {
		return err
	}
	var watches []*watch
	for _, t := range []*tableState{n.linkTable, n.vnetTable} {
		w, err := watchPackets(t)
		if err != nil {
			return err
		}
		defer w.close()
		watches = append(watches, w)
	}
	if err := n.dialTraced(ctx, a); err != nil {
		return err
	}
	for _, w := range watches {
		met, source, err := w.met(ctx)
		if err != nil {
			return err
		}
		a.met, a.source = append(a.met, met...), source
	}
	after, err := n.counters(ctx)
	if err != nil {
		return err
	}
	a.packets = map[string]uint64{}
	for i, c := range after { // the rules are the same, as mu is held
		a.packets[c.ID] = c.Packets - before[i].Packets
	}
	return nil
}

func (n *Network) dialTraced(ctx context.Context, a *attempt) error {
	bounded, cancel := context.WithTimeout(ctx, traceTimeout)
	defer cancel()
	started := time.Now()
	dialer := &net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		var set error
		err := c.Control(func(fd uintptr) {
			set = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_TOS, traceClass<<2)
		})
		return errors.Join(err, set)
	}}
	conn, err := n.consumer.dial(bounded, dialer, "tcp4", a.endpoint.String())
	if ctx.Err() != nil {
		err = errors.Join(err, closeIf(conn))
		return fmt.Errorf("stopped after %s: %w", time.Since(started).Round(time.Millisecond), errors.Join(ctx.Err(), err))
	}
	switch {
	case err == nil:
		a.outcome = Answered
		return conn.Close()
	case errors.Is(err, unix.ECONNREFUSED), errors.Is(err, unix.ECONNRESET):
		a.outcome = Refused
	default:
		a.outcome = Silent
		if text := said(err); text != "no answer" {
			a.trouble = text
		}
	}
	return nil
}

func closeIf(conn net.Conn) error {
	if conn == nil {
		return nil
	}
	return conn.Close()
}
