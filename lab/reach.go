//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/kafkalink/kafkalink/lab/consumer"
	"github.com/kafkalink/kafkalink/lab/internal/image"
	"github.com/kafkalink/kafkalink/lab/internal/network"
)

// Archive is an archive that a configuration names.
type Archive = image.Archive

// Trace is the way of one connection through the lab, hop by hop.
type Trace = network.Trace

// Hop is a part of it.
type Hop = network.Hop

// Parts of a way that a diagnosis goes on from.
const (
	Balancer = network.KindBalancer
	Guest    = network.KindHost
)

// System is what hosts run, for people.
func (l *Lab) System() string { return "Debian 12" }

// Dial connects from the consumer's network.
func (l *Lab) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return l.network.Consumer().Dial(ctx, network, address)
}

// NameServer is the address of the consumer's name server, in its own network.
func (l *Lab) NameServer() string {
	return netip.AddrPortFrom(l.network.ConsumerAddress(), 53).String()
}

// ServeNames answers for names in the consumer's network, "*.domain" for all in a domain, until it is closed.
func (l *Lab) ServeNames(ctx context.Context, names consumer.Names) (*consumer.NameServer, error) {
	packets, err := l.network.Consumer().ListenPacket("udp", l.NameServer())
	if err != nil {
		return nil, fmt.Errorf("serve names to the consumer: %w", err)
	}
	streams, err := l.network.Consumer().Listen("tcp", l.NameServer())
	if err != nil {
		_ = packets.Close()
		return nil, fmt.Errorf("serve names to the consumer: %w", err)
	}
	resolver := fmt.Sprintf("nameserver %s\n", l.network.ConsumerAddress())
	if err := os.WriteFile(l.resolverFile(), []byte(resolver), 0o644); err != nil { //nolint:gosec // every resolver reads it
		return nil, errors.Join(fmt.Errorf("tell the consumer of its name server: %w", err), packets.Close(), streams.Close())
	}
	return consumer.ServeNames(ctx, packets, streams, names)
}

// Endpoint is the address of a private endpoint in the consumer's network, by its connection's id and the zone that the
// address is in, "" if it is in none.
func (l *Lab) Endpoint(connection, zone string) (netip.Addr, bool) {
	return l.network.Endpoint(connection, zone)
}

// Named are the addresses that a load balancer's own name stands for now.
func (l *Lab) Named(balancer string) []netip.Addr { return l.network.Named(balancer) }

// WaitHealthy waits until every target of every load balancer answers its probes, for at most the limit; its error
// names those that do not.
func (l *Lab) WaitHealthy(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return l.network.WaitHealthy(ctx, "")
}

// ProbeNow lets the load balancers' probes come to their verdicts at once, which else takes some intervals.
func (l *Lab) ProbeNow() { l.network.ProbeNow() }

// Hasten has connections over which nobody sends anything forgotten as many times as fast as in the cloud. Those that are
// there when the factor changes, and over which something is sent afterwards, are not forgotten any more.
func (l *Lab) Hasten(ctx context.Context, factor int) error { return l.network.Hasten(ctx, factor) }

// Counters are what the network's load balancers, filters and links have counted.
func (l *Lab) Counters(ctx context.Context) ([]network.Counter, error) {
	return l.network.Counters(ctx)
}

// Trace tries one connection through a private endpoint and says which way it went.
func (l *Lab) Trace(ctx context.Context, connection, zone string, port uint16) (Trace, error) {
	return l.network.Trace(ctx, connection, zone, port)
}

// Listening asks on a machine, where no filter is in the way, whether something listens at an address of its own. It
// says why not; nil: it listens.
func (l *Lab) Listening(ctx context.Context, address netip.AddrPort) error {
	connection, err := l.DialFrom(ctx, address.Addr(), address.String())
	if err != nil {
		return err
	}
	return connection.Close()
}

// DialFrom connects over TCP from the machine that has an address.
func (l *Lab) DialFrom(ctx context.Context, from netip.Addr, address string) (net.Conn, error) {
	for _, i := range l.Deployed().Fabric.Interfaces {
		if i.Address != from {
			continue
		}
		if host, ok := l.network.Host(i.ID); ok {
			return host.Dial(ctx, "tcp", address)
		}
	}
	return nil, fmt.Errorf("no machine of the lab has the address %s", from)
}

// Internet is an address "ip:port" outside of the cloud that always answers machines that have a way out.
func (l *Lab) Internet() string { return net.JoinHostPort(mirrorAddress.String(), "80") }

// ConsumerCommand is how to run a command by hand in the consumer's network, with the consumer's names.
func (l *Lab) ConsumerCommand(command string) string {
	return fmt.Sprintf("nsenter --net=%s unshare --mount sh -c 'mount --bind %s /etc/resolv.conf && exec %s'",
		l.network.Consumer().Path, l.resolverFile(), command)
}

func (l *Lab) resolverFile() string { return filepath.Join(l.run.dir, "resolv.conf") }
