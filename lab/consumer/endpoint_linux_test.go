package consumer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"testing"

	"github.com/kafkalink/kafkalink/lab/consumer"
)

// endpointAddress is the link's only address in the consumer's network. Nothing has it: the endpoint below is a port
// map that connects where the cloud would.
const endpointAddress = "192.168.100.4"

// endpoint is what a private endpoint and its load balancer make of a consumer's connections.
type endpoint struct {
	dns string // the name server's real address

	mu     sync.Mutex
	ports  map[int]string // endpoint port -> where it leads to, or one of the words below
	visits map[int]int
}

const silent = "silent" // takes no notice of packets

// endpoint of the cluster, with all ports as they must be, and port 9092 leading to any broker.
func (c *cluster) endpoint(t *testing.T) *endpoint {
	t.Helper()
	_, server := serveNames(t, consumer.Names{"*." + domain: {netip.MustParseAddr(endpointAddress)}})
	e := &endpoint{dns: server, ports: map[int]string{}, visits: map[int]int{}}
	for id := 1; id <= nodes; id++ {
		e.ports[9092+id] = c.link[id]
	}
	e.ports[9092] = c.link[nodes]
	return e
}

func (e *endpoint) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	if network == "udp" {
		return dialer.DialContext(ctx, network, e.dns)
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	e.visits[int(at.Port())]++
	target, ok := e.ports[int(at.Port())]
	e.mu.Unlock()
	switch {
	case at.Addr().String() != endpointAddress:
		return nil, fmt.Errorf("dial %s: %w", address, syscall.EHOSTUNREACH)
	case !ok:
		return nil, fmt.Errorf("dial %s: %w", address, syscall.ECONNREFUSED)
	case target == silent:
		<-ctx.Done()
		return nil, fmt.Errorf("dial %s: %w", address, ctx.Err())
	}
	conn, err := dialer.DialContext(ctx, network, target)
	if err != nil {
		return nil, err
	}
	return e.through(ctx, int(at.Port()), conn)
}

// through carries a connection's bytes. Once its port is silent the consumer hears nothing, not even that it ended.
func (e *endpoint) through(ctx context.Context, port int, target net.Conn) (net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, target.Close())
	}
	defer func() { _ = l.Close() }()
	var dialer net.Dialer
	consumers, err := dialer.DialContext(ctx, "tcp", l.Addr().String())
	if err != nil {
		return nil, errors.Join(err, target.Close())
	}
	ours, err := l.Accept()
	if err != nil {
		return nil, errors.Join(err, consumers.Close(), target.Close())
	}
	carry := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		if !e.is(port, silent) {
			_, _ = ours.Close(), target.Close()
		}
	}
	go carry(ours, target)
	go carry(target, ours)
	return consumers, nil
}

func (e *endpoint) is(port int, target string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ports[port] == target
}

// lead a port somewhere else.
func (e *endpoint) lead(port int, target string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ports[port] = target
}

// visited counts connections, by port.
func (e *endpoint) visited() map[int]int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.visits)
}

// options that find everything in order.
func (e *endpoint) options() consumer.Options {
	link := consumer.Link{Name: "tidb"}
	for id := 1; id <= nodes; id++ {
		link.Brokers = append(link.Brokers, consumer.Broker{ID: int32(id), Host: fmt.Sprintf("b%d.%s", id, domain), Port: 9092 + id})
	}
	return consumer.Options{Link: link, Dial: e.dial, DNS: "192.168.100.2:53"}
}
