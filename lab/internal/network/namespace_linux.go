package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// Namespace is a named network namespace.
type Namespace struct {
	Name string
	Path string // a file that stands for it, for setns and systemd-nspawn
}

func namespace(prefix, role string) Namespace {
	name := prefix + "-" + role
	return Namespace{Name: name, Path: directory + "/" + name}
}

func (ns Namespace) prefix() string { return strings.SplitN(ns.Name, "-", 2)[0] }

// Do runs f on an operating system thread that is in the namespace: sockets that f makes and processes that it starts
// belong to it. Goroutines that f starts do not.
func (ns Namespace) Do(f func() error) error {
	target, err := netns.GetFromPath(ns.Path)
	if err != nil {
		return fmt.Errorf("open network namespace %s: %w", ns.Name, err)
	}
	defer func() { _ = target.Close() }()
	return onThread(func() error {
		if err := netns.Set(target); err != nil {
			return fmt.Errorf("enter network namespace %s: %w", ns.Name, err)
		}
		return f()
	})
}

// errLeft says that a function ended its goroutine, as a failing test does, instead of returning.
var errLeft = errors.New("the function ended its goroutine")

// onThread runs f on a thread of its own, which may leave the machine's network namespace: it is brought back, and ends
// with its goroutine if it cannot be.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		result := errLeft
		defer func() { done <- result }()
		runtime.LockOSThread()
		home, err := netns.Get()
		if err != nil {
			runtime.UnlockOSThread()
			result = fmt.Errorf("find the thread's network namespace: %w", err)
			return
		}
		defer func() {
			if netns.Set(home) == nil {
				runtime.UnlockOSThread()
			}
			_ = home.Close()
		}()
		result = f()
	}()
	return <-done
}

// Dial connects from inside the namespace. The address is an IP address with a port: names are not resolved here, as
// the resolver of the machine knows nothing of the lab.
func (ns Namespace) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return ns.dial(ctx, &net.Dialer{}, network, address)
}

func (ns Namespace) dial(ctx context.Context, dialer *net.Dialer, network, address string) (net.Conn, error) {
	// With a name, or several addresses, net would make the socket on another goroutine, outside of the namespace.
	if _, err := netip.ParseAddrPort(address); err != nil {
		return nil, fmt.Errorf("dial %s in network namespace %s: resolve names first: %w", address, ns.Name, err)
	}
	var conn net.Conn
	err := ns.Do(func() (err error) {
		conn, err = dialer.DialContext(ctx, network, address)
		return err
	})
	return conn, err
}

// Listen listens inside the namespace, like net.Listen, at an IP address (or none) and a port.
func (ns Namespace) Listen(network, address string) (net.Listener, error) {
	var listener net.Listener
	err := ns.Do(func() (err error) {
		listener, err = net.Listen(network, address)
		return err
	})
	return listener, err
}

// ListenPacket listens inside the namespace, like net.ListenPacket, at an IP address (or none) and a port.
func (ns Namespace) ListenPacket(network, address string) (net.PacketConn, error) {
	var conn net.PacketConn
	err := ns.Do(func() (err error) {
		conn, err = net.ListenPacket(network, address)
		return err
	})
	return conn, err
}

// links gives f a handle on the namespace's links, addresses, routes and neighbours.
func (ns Namespace) links(f func(*netlink.Handle) error) error {
	target, err := netns.GetFromPath(ns.Path)
	if err != nil {
		return fmt.Errorf("open network namespace %s: %w", ns.Name, err)
	}
	defer func() { _ = target.Close() }()
	handle, err := netlink.NewHandleAt(target, unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("open netlink in network namespace %s: %w", ns.Name, err)
	}
	defer handle.Close()
	if err := f(handle); err != nil {
		return fmt.Errorf("in network namespace %s: %w", ns.Name, err)
	}
	return nil
}
