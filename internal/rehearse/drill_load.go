//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/lab/consumer"
)

// underLoad does something while a producer writes through the first link, and says what became of the records.
func (s *stage) underLoad(ctx context.Context, do func(context.Context) error) (consumer.LoadResult, *outages, error) {
	if len(s.links) == 0 {
		return consumer.LoadResult{}, nil, errNoLink
	}
	load, err := consumer.StartLoad(ctx, s.consumerOptions(s.links[0]))
	if err != nil {
		return consumer.LoadResult{}, nil, err
	}
	watch := s.watchOutages(ctx)
	did := do(ctx)
	watch.stop()
	result, err := load.Stop(context.WithoutCancel(ctx))
	return result, watch, errors.Join(did, err)
}

// judge says whether a change under load took nothing and nobody away.
func judge(what string, result consumer.LoadResult, watch *outages, err error) (finding, error) {
	f := finding{
		found: fmt.Sprintf("%s: %d records acknowledged, %d lost, %d failed for good; at most %d of the brokers out at once "+
			"(%d samples); longest silence of a partition %s", what, result.Acknowledged, result.Lost, result.FailedForGood,
			watch.mostAtOnce(), watch.count(), result.MaxGap.Round(100*time.Millisecond)),
		evidence: result.Mismatched,
	}
	if watch.mostAtOnce() > 1 {
		f.evidence = append(f.evidence, "out at once: "+watch.mostOut())
	}
	for reason, times := range result.Failures {
		f.evidence = append(f.evidence, fmt.Sprintf("%d times: %s", times, reason))
	}
	if err != nil {
		f.found += "; " + err.Error()
	}
	f.passed = err == nil && result.Acknowledged > 0 && result.Lost == 0 && result.FailedForGood == 0 && watch.mostAtOnce() <= 1
	return f, nil
}

// outages samples which brokers do not listen, on their own machines, where no filter is in the way.
type outages struct {
	ended chan struct{}
	done  sync.WaitGroup

	mu      sync.Mutex
	most    int
	which   string // when most were out
	samples int
}

const betweenSamples = 100 * time.Millisecond

// listener is a broker's, on its own machine.
type listener struct {
	node    int
	address netip.AddrPort
}

func (s *stage) watchOutages(ctx context.Context) *outages {
	w := &outages{ended: make(chan struct{})}
	var listeners []listener
	for _, route := range s.links[0].PortMap {
		for _, node := range s.outputs.Cluster.Nodes {
			if address, err := netip.ParseAddr(node.Address); err == nil && node.ID == route.NodeID {
				listeners = append(listeners, listener{node.ID, netip.AddrPortFrom(address, uint16(route.ListenerPort))})
			}
		}
	}
	began := time.Now()
	w.done.Go(func() {
		ticker := time.NewTicker(betweenSamples)
		defer ticker.Stop()
		for {
			var out []string
			for _, l := range listeners {
				if err := s.lab.Listening(ctx, l.address); err != nil {
					out = append(out, fmt.Sprintf("broker %d: %v", l.node, err))
				}
			}
			w.mu.Lock()
			if len(out) > w.most {
				w.most, w.which = len(out), fmt.Sprintf("after %.1f s %s", seconds(began), strings.Join(out, "; "))
			}
			w.samples++
			w.mu.Unlock()
			select {
			case <-w.ended:
				return
			case <-ticker.C:
			}
		}
	})
	return w
}

func (w *outages) stop() {
	close(w.ended)
	w.done.Wait()
}

func (w *outages) mostAtOnce() int {
	if w == nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.most
}

// mostOut says which brokers were out when most were.
func (w *outages) mostOut() string {
	if w == nil {
		return ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.which
}

func (w *outages) count() int {
	if w == nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.samples
}

// killBroker ends Kafka on the last broker as a crash would, and waits until it is back in sync.
func killBroker(ctx context.Context, s *stage) (finding, error) {
	node, err := s.lastBroker()
	if err != nil {
		return finding{}, err
	}
	result, watch, err := s.underLoad(ctx, func(ctx context.Context) error {
		host, machine, ok := s.hostOf(node)
		if !ok {
			return fmt.Errorf("node %d does not run", node)
		}
		before, err := s.kafkaPID(ctx, node)
		if err != nil {
			return err
		}
		if _, err := host.Exec(ctx, "systemctl", "kill", "--signal=KILL", "kafka.service"); err != nil {
			return err
		}
		s.say("killed Kafka on %s; waiting until systemd has it back and it is in sync", s.called(machine))
		return s.until(ctx, 3*time.Minute, func() (string, bool) {
			now, err := s.kafkaPID(ctx, node)
			if err != nil || now == "0" || now == before {
				return "Kafka has not been started again", false
			}
			return s.inSync(ctx, node)
		})
	})
	return judge(fmt.Sprintf("kill -9 of broker %d", node), result, watch, err)
}

func (s *stage) lastBroker() (int, error) {
	if len(s.links) == 0 || len(s.links[0].PortMap) == 0 {
		return 0, errNoLink
	}
	routes := s.links[0].PortMap
	return routes[len(routes)-1].NodeID, nil
}

func (s *stage) kafkaPID(ctx context.Context, node int) (string, error) {
	host, _, ok := s.hostOf(node)
	if !ok {
		return "", fmt.Errorf("node %d does not run", node)
	}
	result, err := host.Exec(ctx, "systemctl", "show", "--property=MainPID", "--value", "kafka.service")
	return strings.TrimSpace(result.Stdout), err
}

// inSync asks a broker's host.
func (s *stage) inSync(ctx context.Context, node int) (string, bool) {
	host, _, ok := s.hostOf(node)
	if !ok {
		return fmt.Sprintf("node %d does not run", node), false
	}
	result, err := host.Exec(ctx, "kafkalink-host", "status")
	if err != nil {
		return err.Error(), false
	}
	if !strings.Contains(result.Stdout, "service: active") || !strings.Contains(result.Stdout, "partitions not in sync: none") {
		return strings.TrimSpace(result.Stdout), false
	}
	return "", true
}

// until asks again and again, with the last reason in its error.
func (s *stage) until(ctx context.Context, limit time.Duration, done func() (string, bool)) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		why, ok := done()
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			return fmt.Errorf("not within %s: %s", limit, why)
		case <-ticker.C:
		}
	}
}

// fullDisk leaves a broker no byte to write, and gives it back.
func fullDisk(ctx context.Context, s *stage) (finding, error) {
	node, err := s.lastBroker()
	if err != nil {
		return finding{}, err
	}
	host, machine, ok := s.hostOf(node)
	if !ok {
		return finding{}, fmt.Errorf("node %d does not run", node)
	}
	const fill = "/var/lib/kafka/lost+found/kafkalink-drill"
	result, err := host.Exec(ctx, "sh", "-c",
		"free=$(df --output=avail -B1 /var/lib/kafka | tail -n 1); fallocate -l $free "+fill+"; cat /dev/zero >>"+fill+"; true")
	if err != nil {
		return finding{}, fmt.Errorf("fill the disk: %w: %s", err, result.Stderr)
	}
	failure, err := s.look(ctx, s.links[0])
	result, removed := host.Exec(ctx, "sh", "-c", "rm -f "+fill+"; systemctl reset-failed kafka.service; systemctl start kafka.service")
	if err := errors.Join(err, removed); err != nil {
		return finding{}, err
	}
	back := s.until(ctx, 3*time.Minute, func() (string, bool) { return s.inSync(ctx, node) })
	if failure == nil {
		return finding{found: "the data disk of " + s.called(machine) + " was full, and the consumer noticed nothing"}, back
	}
	f := finding{found: fmt.Sprintf("the data disk of %s was full; blamed: %s", s.called(machine), failure.Guilty), evidence: failure.Evidence}
	f.passed = slices.ContainsFunc(append(failure.Evidence, failure.Guilty), func(text string) bool {
		return strings.Contains(text, s.called(machine)) && strings.Contains(text, "100% used")
	})
	return f, back
}

// rollingProperty is the change that users make most.
func rollingProperty(ctx context.Context, s *stage) (finding, error) {
	result, watch, err := s.underLoad(ctx, func(ctx context.Context) error {
		return s.reconfigure(ctx, func(c automation.Configuration) error {
			setting(c, "kafkalink:cluster", "properties", map[string]any{"num.io.threads": "9"})
			return nil
		})
	})
	return judge("rolling change of a property", result, watch, err)
}

func rollingReplace(ctx context.Context, s *stage) (finding, error) {
	result, watch, err := s.underLoad(ctx, func(ctx context.Context) error { return s.replaceMachines(ctx) })
	return judge("rolling replacement of the machines", result, watch, err)
}

func lateDisk(ctx context.Context, s *stage) (finding, error) {
	s.lab.DelayDisks(60 * time.Second)
	defer s.lab.DelayDisks(0)
	result, watch, err := s.underLoad(ctx, func(ctx context.Context) error { return s.replaceMachines(ctx) })
	return judge("rolling replacement with data disks that come 60 s late", result, watch, err)
}

// blankDisk loses the data of the first node. The deployment must stop there until the operator has a word.
func blankDisk(ctx context.Context, s *stage) (finding, error) {
	node := s.outputs.Cluster.Nodes[0].ID
	_, machine, ok := s.hostOf(node)
	if !ok {
		return finding{}, fmt.Errorf("node %d does not run", node)
	}
	if err := s.lab.BlankDisks(machine); err != nil {
		return finding{}, err
	}
	refused := s.replaceMachines(ctx)
	if refused == nil {
		return finding{found: fmt.Sprintf("a blank disk under voter %d was taken without a word", node)}, nil
	}
	f := finding{evidence: []string{refused.Error()}}
	if !strings.Contains(refused.Error(), "is blank, but node") {
		f.found = "the deployment failed, and not because of the blank disk"
		return f, nil
	}
	err := s.reconfigure(ctx, func(c automation.Configuration) error {
		setting(c, "kafkalink:operator", "acceptBlankDisk", []any{node})
		return nil
	})
	if err != nil {
		f.found = fmt.Sprintf("a blank disk under voter %d was refused, but not accepted when the operator said so: %v", node, err)
		return f, nil
	}
	why, ok := s.inSync(ctx, node)
	f.passed = ok
	f.found = fmt.Sprintf("a blank disk under voter %d was refused; with operator.acceptBlankDisk its data came back from the others %s", node, why)
	return f, nil
}

func (s *stage) replaceMachines(ctx context.Context) error {
	return s.reconfigure(ctx, func(c automation.Configuration) error { return s.cloud.OtherImage(s.server.View(), c) })
}

// reconfigure deploys the stack with another configuration, which stays.
func (s *stage) reconfigure(ctx context.Context, change func(automation.Configuration) error) error {
	config := maps.Clone(s.stack.Configuration)
	if err := change(config); err != nil {
		return err
	}
	s.stack = s.stack.Rehearsed(s.dir, config, s.simulate)
	result, err := s.stack.Up(ctx, s.request.Progress)
	if err != nil {
		return err
	}
	s.outputs = result.Outputs
	return s.findEndpoints()
}

// setting changes one setting of one section of a configuration, whose other sections are shared.
func setting(config automation.Configuration, section, name string, value any) {
	given, _ := config[section].(map[string]any)
	changed := maps.Clone(given)
	if changed == nil {
		changed = map[string]any{}
	}
	changed[name] = value
	config[section] = changed
}
