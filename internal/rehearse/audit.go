//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab/fabric"
)

// audit looks for what no consumer notices today.
func (s *stage) audit(ctx context.Context) (string, error) {
	failure, err := s.inspect(ctx)
	s.report.Failure = failure
	if err != nil || failure != nil {
		return "", err
	}
	return "nodes reach each other and the internet, no neighbour reaches them, and nothing is set that the cloud punishes later", nil
}

// inspect gives what is wrong as a failure; nil: nothing is.
func (s *stage) inspect(ctx context.Context) (*rehearsal.Failure, error) {
	found := slices.Concat(
		s.closedWays(ctx),
		s.lab.Deployed().Fabric.Strangers(),
		s.cloud.Hazards(s.server.View()),
	)
	if len(found) == 0 || ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return &rehearsal.Failure{What: "consumers are served, and the deployment is not right", Guilty: found[0], Evidence: found[1:]}, nil
}

// compare lets the engine look at the cloud: what is there must be what the stack says, or every deployment would find
// something to change.
func (s *stage) compare(ctx context.Context) (string, error) {
	drift, err := s.drift(ctx)
	if err != nil {
		return "", err
	}
	if len(drift) > 0 {
		s.report.Failure = &rehearsal.Failure{
			What: "the cloud is not what the stack says, right after it was deployed", Guilty: drift[0], Evidence: drift[1:],
		}
		return "", nil
	}
	return "another up would change nothing", nil
}

// drift is what another up would change after a look at the cloud.
func (s *stage) drift(ctx context.Context) (changes []string, err error) {
	result, err := s.stack.Drift(ctx, nil)
	for _, c := range result.Changes {
		changes = append(changes, fmt.Sprintf("%s of %s: %s", c.Action, c.Resource.Name, strings.Join(c.Changed, ", ")))
	}
	return changes, err
}

// way is a connection that a node needs.
type way struct {
	from    kafka.Node
	what    string
	address string
}

// closedWays tries a new connection for everything that nodes need from each other and from the internet. Those that
// are open already would not tell: a filter lets them pass.
func (s *stage) closedWays(ctx context.Context) []string {
	cluster := s.stack.Validate().Cluster
	if cluster == nil {
		return []string{"the stack's configuration is not valid any more"}
	}
	var ways []way
	for _, from := range cluster.Nodes {
		ways = append(ways, way{from, "the internet, and a machine in its place could install nothing", s.lab.Internet()})
		for _, to := range cluster.Nodes {
			if to.IsBroker() {
				ways = append(ways, way{from, fmt.Sprintf("broker %d", to.ID), fmt.Sprintf("%s:%d", to.Address, cluster.Ports.Internal)})
			}
			if to.IsController() {
				ways = append(ways, way{from, fmt.Sprintf("controller %d", to.ID), fmt.Sprintf("%s:%d", to.Address, cluster.Ports.Controller)})
			}
		}
	}
	closed := make([]string, len(ways))
	var tries sync.WaitGroup
	for n, w := range ways {
		tries.Go(func() { closed[n] = s.try(ctx, w) })
	}
	tries.Wait()
	return slices.DeleteFunc(closed, func(text string) bool { return text == "" })
}

// try says why a way is closed; "": it is open.
func (s *stage) try(ctx context.Context, w way) string {
	const limit = 2 * time.Second // a lost first packet is sent again
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	from, err := netip.ParseAddr(w.from.Address)
	if err != nil {
		return err.Error()
	}
	connection, err := s.lab.DialFrom(ctx, from, w.address)
	if err == nil {
		_ = connection.Close()
		return ""
	}
	why := err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		why = fmt.Sprintf("no answer from %s within %s", w.address, limit)
	}
	to := netip.MustParseAddrPort(w.address)
	for _, i := range s.lab.Deployed().Fabric.Interfaces {
		if by, denied := i.Denied("tcp", netip.AddrPortFrom(from, ephemeral), to); denied && i.Address == to.Addr() {
			why = "denied by " + by
		}
		if i.Address == from && w.address == s.lab.Internet() && i.Egress == (fabric.Egress{}) {
			why = i.Name + " has no way out"
		}
	}
	return fmt.Sprintf("node %d cannot reach %s: %s", w.from.ID, w.what, why)
}

// ephemeral is a port that a client might be given.
const ephemeral = 50000
