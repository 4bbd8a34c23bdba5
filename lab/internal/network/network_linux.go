package network

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"sync"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// Options are what a Network is opened with.
type Options struct {
	// Prefix begins the names of its namespaces: small letters and digits, unique on the machine.
	Prefix string
	// Mirror is the address of the internet's server. It is not valid if there is none.
	Mirror netip.Addr
	// Beside are addresses that every machine reaches whatever its filters and routes, and Internet more addresses there.
	Beside, Internet []netip.Addr
	// Log is told about changes of health, from several goroutines, and may be nil.
	Log func(format string, args ...any)
}

// ErrClosed is the error of whatever is asked of a network that was closed.
var ErrClosed = errors.New("the lab's network is closed")

// Network is a cloud's network made of network namespaces. Its methods may be called at the same time.
type Network struct {
	options                        Options
	vnet, link, consumer, internet Namespace

	// ctx ends with the network; probing counts the goroutines that end then.
	ctx     context.Context
	end     context.CancelFunc
	probing sync.WaitGroup

	// mu keeps the network still: whoever holds it sees namespaces, rules and health that belong together.
	mu        sync.Mutex
	closed    bool
	fabric    fabric.Fabric
	hosts     map[string]*host // by interface id
	lastHost  int
	probers   map[netip.Addr]bool
	sources   map[netip.Addr]bool
	endpoints []assigned
	probes    map[probeKey]*probe
	changed   chan struct{} // closed and replaced when health or the fabric changes
	haste     int           // how many times as fast as in the cloud connections are forgotten
	linkTable *tableState
	vnetTable *tableState
	linkIdle  *tableState
	vnetIdle  *tableState
}

// assigned is the address that a connection got when it was first seen, and keeps.
type assigned struct {
	connection, zone string
	address          netip.Addr
}

// Open makes the parts of the network that are always there: the cloud's routers, the consumer's network, the internet.
// It needs root, and nft. Close must be called.
func Open(ctx context.Context, o Options) (*Network, error) {
	if err := checkPrefix(o.Prefix); err != nil {
		return nil, err
	}
	if o.Mirror.IsValid() && !o.Mirror.Is4() {
		return nil, fmt.Errorf("the mirror's address %s is not IPv4", o.Mirror)
	}
	if os.Geteuid() != 0 {
		return nil, errors.New("the lab's network needs root, to make network namespaces: run it as root")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		return nil, fmt.Errorf("the lab's network needs nft: apt-get install nftables: %w", err)
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	n := &Network{
		options: o,
		vnet:    namespace(o.Prefix, "vnet"), link: namespace(o.Prefix, "link"),
		consumer: namespace(o.Prefix, "consumer"), internet: namespace(o.Prefix, "internet"),
		hosts: map[string]*host{}, probers: map[netip.Addr]bool{}, sources: map[netip.Addr]bool{}, probes: map[probeKey]*probe{},
		changed: make(chan struct{}), haste: 1,
	}
	n.linkTable, n.vnetTable = newTableState(n.link, rulesTable), newTableState(n.vnet, rulesTable)
	n.linkIdle, n.vnetIdle = newTableState(n.link, idleTable), newTableState(n.vnet, idleTable)
	left, err := Leftovers(func(prefix string) bool { return prefix == o.Prefix })
	if err != nil {
		return nil, err
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("namespaces called %s-… exist: another run has them, or was killed: Remove(%[1]q)", o.Prefix)
	}
	// The life of the network is Close's to end, not that of the caller's context.
	n.ctx, n.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := n.build(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the lab's network: %w", err), n.Close())
	}
	return n, nil
}

func (n *Network) build(ctx context.Context) error {
	for _, ns := range []Namespace{n.vnet, n.link, n.consumer, n.internet} {
		if err := create(ns, ns == n.vnet || ns == n.link); err != nil {
			return err
		}
	}
	// Nothing may pass before there are rules.
	if err := n.writeRules(ctx); err != nil {
		return err
	}
	// The kernel has these settings since it has loaded rules about connections.
	if err := errors.Join(n.vnet.Do(tellForgotten), n.link.Do(tellForgotten)); err != nil {
		return err
	}
	err := errors.Join(n.connectConsumer(), n.connectLink(), n.connectInternet())
	for _, a := range n.options.Beside {
		err = errors.Join(err, wire{n.vnet, "lo"}.address(single(a)))
	}
	for _, a := range n.options.Internet {
		err = errors.Join(err, wire{n.internet, "lo"}.address(single(a)))
	}
	return err
}

func (n *Network) connectConsumer() error {
	near, far := wire{n.consumer, "eth0"}, wire{n.link, toConsumer}
	if err := connect(near, far); err != nil {
		return err
	}
	return errors.Join(
		near.address(netip.PrefixFrom(consumerAddress, consumerNetwork.Bits())),
		near.route(everywhere, consumerGateway),
		far.knows(consumerAddress, near),
		far.route(single(consumerAddress), netip.Addr{}),
		far.answersForAll(),
	)
}

func (n *Network) connectLink() error {
	near, far := wire{n.link, toCloud}, wire{n.vnet, toLink}
	if err := connect(near, far); err != nil {
		return err
	}
	return errors.Join(near.knows(neighbour, far), far.knows(neighbour, near), near.route(everywhere, neighbour))
}

func (n *Network) connectInternet() error {
	near, far := wire{n.internet, "eth0"}, wire{n.vnet, toInternet}
	if err := connect(near, far); err != nil {
		return err
	}
	err := errors.Join(
		near.knows(neighbour, far), far.knows(neighbour, near),
		near.route(everywhere, neighbour), far.route(everywhere, neighbour),
	)
	if n.options.Mirror.IsValid() {
		err = errors.Join(err, wire{n.internet, "lo"}.address(single(n.options.Mirror)))
	}
	return err
}

// Consumer is the consumer's network: its client and its DNS server have the address that ConsumerAddress gives.
func (n *Network) Consumer() Namespace { return n.consumer }

// ConsumerAddress is the address of the consumer's client and of its DNS server.
func (n *Network) ConsumerAddress() netip.Addr { return consumerAddress }

// Cloud is where what is beside every machine listens, at the addresses that the options name.
func (n *Network) Cloud() Namespace { return n.vnet }

// Internet is outside of the cloud, with the mirror's address.
func (n *Network) Internet() Namespace { return n.internet }

// Close ends the probes and deletes all namespaces. Programs that still run in one have no network any more. It may be
// called again, also to try again after an error.
func (n *Network) Close() error {
	n.mu.Lock()
	n.closed = true
	n.announce()
	n.mu.Unlock()
	n.end()
	n.probing.Wait()

	n.mu.Lock()
	defer n.mu.Unlock()
	return Remove(n.options.Prefix)
}

// announce wakes who waits for a change. The caller holds mu.
func (n *Network) announce() {
	close(n.changed)
	n.changed = make(chan struct{})
}
