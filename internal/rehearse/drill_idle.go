//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/lab/consumer"
)

const (
	// haste is how many times as fast idle time passes in the drill, for the cloud and the hosts alike.
	haste = 30
	// longerThanAll is how long a client rests when everybody must have forgotten it.
	longerThanAll = 3 * time.Second
)

// idleConnections lets a client be silent for longer than load balancers and private links remember connections. First with
// hosts for which time passes as ever: requests must be lost, or the drill shows nothing. Then with hosts that hurry as much
// as the cloud does: they ask after idle connections, which are remembered therefore, and none may be lost. How soon brokers
// end idle connections themselves plays no part: that is not hurried.
func idleConnections(ctx context.Context, s *stage) (found finding, err error) {
	if len(s.links) == 0 {
		return finding{}, errNoLink
	}
	longest, said := s.remembered()
	rest := (longest/haste + longerThanAll).Round(time.Second)
	if err := s.lab.Hasten(ctx, haste); err != nil {
		return finding{}, err
	}
	defer func() { err = errors.Join(err, s.lab.Hasten(ctx, 1)) }()

	s.say("with hosts that are too late to ask after idle connections")
	late, dropped, err := s.rest(ctx, rest)
	if err != nil {
		return finding{}, err
	}
	if len(late.Unanswered) == 0 {
		return finding{found: fmt.Sprintf("a client was silent for %s, and nothing had forgotten its connections (%s)", rest, said), evidence: dropped}, nil
	}
	s.say("with hosts that ask in time")
	asked, met, err := s.restWithHaste(ctx, rest)
	if err != nil {
		return finding{}, err
	}
	found = finding{
		passed: len(asked.Unanswered) == 0,
		found: fmt.Sprintf("%d times as fast as in the cloud (%s), a client was silent for %s: %d requests were not answered, all was written after %s; "+
			"with hosts that ask too late %d were not, and all was written after %s",
			haste, said, rest, len(asked.Unanswered), asked.Took.Round(10*time.Millisecond), len(late.Unanswered), late.Took.Round(10*time.Millisecond)),
	}
	for _, line := range dropped {
		found.evidence = append(found.evidence, "with hosts that ask too late: "+line)
	}
	if !found.passed {
		found.evidence = append(append(found.evidence, asked.Unanswered...), met...)
	}
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

// restWithHaste is a rest while the kernels of the brokers' hosts ask after idle connections sooner.
func (s *stage) restWithHaste(ctx context.Context, rest time.Duration) (result consumer.RestResult, dropped []string, err error) {
	defer func() {
		err = errors.Join(err, s.onBrokers(ctx, "grep tcp_keepalive /etc/sysctl.d/60-kafkalink.conf | sysctl -q -p -"))
	}()
	const sooner = `for name in time intvl; do key=net.ipv4.tcp_keepalive_$name; sysctl -q -w $key=$(( $(sysctl -n $key) / %d )); done`
	if err := s.onBrokers(ctx, fmt.Sprintf(sooner, haste)); err != nil {
		return result, nil, err
	}
	return s.rest(ctx, rest)
}

// rest lets a client of the first link be silent, and says also what dropped packets meanwhile.
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
		if packets, known := counted[c.ID]; c.Drops && known && c.Packets > packets {
			dropped = append(dropped, fmt.Sprintf("%d packets: %s", c.Packets-packets, c.What))
		}
	}
	return result, dropped, nil
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
