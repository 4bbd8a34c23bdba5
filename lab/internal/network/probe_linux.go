package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// probeKey is what a probe is about: if any of it changes, health is found anew.
type probeKey struct {
	rule     string
	frontend netip.AddrPort
	target   fabric.Target
	probe    fabric.Probe
	prober   netip.Addr
}

// probe asks one target of one rule. All but its key is guarded by the network's mu.
type probe struct {
	key     probeKey
	started bool
	stop    context.CancelFunc
	ctx     context.Context

	healthy bool
	said    string
	since   time.Time
	last    bool // whether the last one answered
	inARow  int  // how many ended like the last one
}

const defaultInterval = 5 * time.Second

func (k probeKey) interval() time.Duration {
	if k.probe.Interval <= 0 {
		return defaultInterval
	}
	return k.probe.Interval
}

func (k probeKey) timeout() time.Duration {
	if k.probe.Timeout > 0 {
		return k.probe.Timeout
	}
	return k.interval()
}

func (n *Network) keyOf(r fabric.Rule, t fabric.Target) probeKey {
	return probeKey{rule: r.Name, frontend: r.Frontend, target: t, probe: r.Probe, prober: n.fabric.ProberOf(r)}
}

// chooseProbes ends the probes that the fabric has no more and prepares new ones, whose targets are down until they
// have answered. The caller holds mu.
func (n *Network) chooseProbes() {
	wanted := map[probeKey]bool{}
	for _, r := range n.fabric.Rules {
		for _, t := range r.Targets {
			if asks(r.Probe) {
				wanted[n.keyOf(r, t)] = true
			}
		}
	}
	for key, p := range n.probes {
		if !wanted[key] {
			p.stop()
			delete(n.probes, key)
		}
	}
	for key := range wanted {
		if n.probes[key] == nil {
			p := &probe{key: key, said: "not asked yet", since: time.Now()}
			p.ctx, p.stop = context.WithCancel(n.ctx)
			n.probes[key] = p
		}
	}
}

// startProbes starts what chooseProbes has prepared, once there are rules for it. The caller holds mu.
func (n *Network) startProbes() {
	for _, p := range n.probes {
		if !p.started {
			p.started = true
			n.probing.Go(func() { n.run(p) })
		}
	}
}

func (n *Network) run(p *probe) {
	ticker := time.NewTicker(p.key.interval())
	defer ticker.Stop()
	for {
		err := n.ask(p, p.key.timeout())
		if p.ctx.Err() != nil {
			return
		}
		n.judge(p, err)
		select {
		case <-ticker.C:
		case <-p.ctx.Done():
			return
		}
	}
}

// askNow is how long ProbeNow waits for an answer: here none is far away.
const askNow = 500 * time.Millisecond

// ProbeNow lets every probe come to its verdict at once, rather than at its interval.
func (n *Network) ProbeNow() {
	n.mu.Lock()
	probes := slices.Collect(maps.Values(n.probes))
	n.mu.Unlock()
	var asking sync.WaitGroup
	for _, p := range probes {
		asking.Go(func() {
			for range max(p.key.probe.Threshold, p.key.probe.Silences(), 1) {
				n.judge(p, n.ask(p, askNow))
			}
		})
	}
	asking.Wait()
}

// ask makes one connection, from the prober's address inside the cloud's network.
func (n *Network) ask(p *probe, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	dialer := &net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(p.key.prober, 0))}
	address := netip.AddrPortFrom(p.key.target.Address.Addr(), p.key.probe.PortAt(p.key.target))
	conn, err := n.vnet.dial(ctx, dialer, "tcp4", address.String())
	if err != nil {
		return err
	}
	return conn.Close()
}

// judge counts a probe's result. Enough in a row change the verdict, which holds once the rules follow it.
func (n *Network) judge(p *probe, err error) {
	if change := n.count(p, err); change != "" {
		n.options.Log("%s: %s %s", p.key.rule, p.key.target.Address, change)
	}
}

// count says what has changed, for the log.
func (n *Network) count(p *probe, err error) (change string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed || n.probes[p.key] != p {
		return ""
	}
	answered := err == nil
	if text := said(err); text != p.said {
		p.said = text
		n.announce()
	}
	if answered != p.last {
		p.last, p.inARow = answered, 0
	}
	p.inARow++
	enough := p.key.probe.Threshold
	if !answered {
		enough = p.key.probe.Silences()
	}
	if answered == p.healthy || p.inARow < enough {
		return ""
	}
	since := p.since
	p.healthy, p.since = answered, time.Now()
	if err := n.writeRules(n.ctx); err != nil {
		p.healthy, p.since = !answered, since // the next result tries again
		return fmt.Sprintf("keeps its health, as the rules could not be changed: %v", err)
	}
	n.announce()
	if p.healthy {
		return "is healthy: " + p.said
	}
	return "is not healthy: " + p.said
}

func said(err error) string {
	var timeout net.Error
	switch {
	case err == nil:
		return "answered"
	case errors.Is(err, unix.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return "no answer"
	}
	return err.Error()
}
