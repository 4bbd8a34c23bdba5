//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/lab/consumer"
)

const (
	// haste is how many times as fast idle time passes in the drill, for the cloud, the hosts and the brokers alike.
	haste = 30
	// longerThanAll is how long a client rests when everybody must have forgotten it.
	longerThanAll = 3 * time.Second

	maxIdle = "connections.max.idle.ms"
)

// idleConnections lets a client be silent for longer than load balancers and private links remember connections. First with
// hosts for which time passes as ever, who do nothing about it: something must be forgotten, or the drill shows nothing. Then
// with hosts and brokers that hurry as much as the cloud does: now the client must learn of every connection's end.
func idleConnections(ctx context.Context, s *stage) (found finding, err error) {
	if len(s.links) == 0 {
		return finding{}, errNoLink
	}
	longest, said := s.remembered()
	rest := longest/haste + longerThanAll
	if err := s.lab.Hasten(ctx, haste); err != nil {
		return finding{}, err
	}
	defer func() { err = errors.Join(err, s.lab.Hasten(ctx, 1)) }()

	s.say("with hosts that do not ask after idle connections")
	unguarded, forgotten, err := s.rest(ctx, rest)
	if err != nil {
		return finding{}, err
	}
	if len(forgotten) == 0 {
		return finding{found: fmt.Sprintf("a client was silent for %s, and nothing had forgotten its connections (%s)", rest, said)}, nil
	}
	s.say("with hosts and brokers for which time passes as fast as for the cloud; first they are told, one after the other")
	before := s.stack.Configuration["kafkalink:cluster"]
	if err := s.hurry(ctx); err != nil {
		return finding{}, err
	}
	guarded, met, err := s.rest(ctx, rest)
	if err := errors.Join(err, s.calm(ctx, before)); err != nil {
		return finding{}, err
	}
	found = finding{
		passed: len(guarded.Unanswered) == 0,
		found: fmt.Sprintf("%d times as fast as in the cloud (%s), a client was silent for %s: %d requests were not answered, %d connections made anew, all "+
			"written after %s; with hosts that do not ask after idle connections %d were not answered, and all written after %s",
			haste, said, rest.Round(time.Second), len(guarded.Unanswered), guarded.Renewed, guarded.Took.Round(10*time.Millisecond),
			len(unguarded.Unanswered), unguarded.Took.Round(10*time.Millisecond)),
	}
	for _, line := range forgotten {
		found.evidence = append(found.evidence, "with hosts that do not ask: "+line)
	}
	found.evidence = append(append(found.evidence, guarded.Unanswered...), met...)
	return found, nil
}

// remembered says how long idle connections are, and gives the longest of it.
func (s *stage) remembered() (longest time.Duration, said string) {
	f := s.lab.Deployed().Fabric
	var balancers, links time.Duration
	for _, r := range f.Rules {
		balancers = max(balancers, r.Idle.After)
	}
	for _, service := range f.Services {
		links = max(links, service.Idle.After)
	}
	return max(balancers, links), fmt.Sprintf("load balancers remember for %s, private links for %s", balancers, links)
}

// rest lets a client of the first link be silent, and says also what dropped its packets afterwards.
func (s *stage) rest(ctx context.Context, rest time.Duration) (consumer.RestResult, []string, error) {
	before, err := s.lab.Counters(ctx)
	if err != nil {
		return consumer.RestResult{}, nil, err
	}
	result, err := consumer.Rest(ctx, s.consumerOptions(s.links[0]), rest)
	if err != nil {
		return result, nil, err
	}
	after, err := s.lab.Counters(ctx)
	if err != nil {
		return result, nil, err
	}
	counted := map[string]uint64{}
	for _, c := range before {
		counted[c.ID] = c.Packets
	}
	var dropped []string
	for _, c := range after {
		if more := c.Packets - counted[c.ID]; c.Drops && more > 0 {
			dropped = append(dropped, fmt.Sprintf("%d packets: %s", more, c.What))
		}
	}
	return result, dropped, nil
}

// hurry lets time pass faster for what brokers and their hosts do about idle connections.
func (s *stage) hurry(ctx context.Context) error {
	limit, err := s.brokersLimit(ctx)
	if err != nil {
		return err
	}
	err = s.reconfigure(ctx, func(c automation.Configuration) error {
		cluster, _ := c["kafkalink:cluster"].(map[string]any)
		given, _ := cluster["properties"].(map[string]any)
		properties := map[string]any{maxIdle: strconv.Itoa(limit / haste)}
		for name, value := range given {
			if name != maxIdle {
				properties[name] = value
			}
		}
		setting(c, "kafkalink:cluster", "properties", properties)
		return nil
	})
	if err != nil {
		return err
	}
	return s.onBrokers(ctx, fmt.Sprintf(
		`for name in time intvl; do key=net.ipv4.tcp_keepalive_$name; sysctl -q -w $key=$(( $(sysctl -n $key) / %d )); done`, haste))
}

// calm brings back how it was before hurry.
func (s *stage) calm(ctx context.Context, cluster any) error {
	return errors.Join(
		s.onBrokers(ctx, "grep tcp_keepalive /etc/sysctl.d/60-kafkalink.conf | sysctl -q -p -"),
		s.reconfigure(ctx, func(c automation.Configuration) error {
			c["kafkalink:cluster"] = cluster
			return nil
		}),
	)
}

// brokersLimit is how many milliseconds a broker that is deployed keeps an idle connection.
func (s *stage) brokersLimit(ctx context.Context) (int, error) {
	node, err := s.lastBroker()
	if err != nil {
		return 0, err
	}
	host, _, ok := s.hostOf(node)
	if !ok {
		return 0, fmt.Errorf("node %d does not run", node)
	}
	result, err := host.Exec(ctx, "sed", "-n", "s/^"+maxIdle+"=//p", "/etc/kafka/server.properties")
	if err != nil {
		return 0, err
	}
	limit, err := strconv.Atoi(strings.TrimSpace(result.Stdout))
	if err != nil {
		return 0, fmt.Errorf("%s of broker %d: %w", maxIdle, node, err)
	}
	return limit, nil
}

// onBrokers runs a command on the host of each broker behind the first link.
func (s *stage) onBrokers(ctx context.Context, command string) error {
	for _, route := range s.links[0].PortMap {
		host, machine, ok := s.hostOf(route.NodeID)
		if !ok {
			return fmt.Errorf("node %d does not run", route.NodeID)
		}
		result, err := host.Exec(ctx, "sh", "-ec", command)
		if err == nil && result.ExitCode != 0 {
			err = errors.New(strings.TrimSpace(result.Stderr))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.called(machine), err)
		}
	}
	return nil
}
