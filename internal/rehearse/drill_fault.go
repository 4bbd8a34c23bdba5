//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/simcloud"
)

var errNoLink = errors.New("the stack has no link")

// fault breaks deployed resources, lets the consumer look, and mends them again. It passes if the guilty hop that the
// consumer's failure names is the one that was broken.
func (s *stage) fault(ctx context.Context, guilty string, breaks func(*simcloud.World) (string, error)) (finding, error) {
	if len(s.links) == 0 {
		return finding{}, errNoLink
	}
	l := s.links[0]
	before := s.server.View()
	broken := ""
	err := s.server.Mutate(func(world *simcloud.World) (err error) {
		broken, err = breaks(world)
		return err
	})
	if err != nil {
		return finding{}, err
	}
	failure, err := s.look(ctx, l)
	if mended := s.mend(ctx, before); err == nil {
		err = mended
	}
	if err != nil {
		return finding{}, err
	}
	if failure == nil {
		return finding{found: broken + ", and the consumer noticed nothing"}, nil
	}
	found := finding{
		passed:   strings.Contains(failure.Guilty, guilty),
		found:    fmt.Sprintf("%s; blamed: %s", broken, failure.Guilty),
		evidence: failure.Evidence,
	}
	after, err := s.look(ctx, l)
	if err == nil && after != nil {
		return finding{found: broken + " was mended, and the link still does not work: " + after.What, evidence: after.Evidence}, nil
	}
	return found, err
}

// probesDecide is more than a load balancer's probes need to change their mind.
const probesDecide = 20 * time.Second

// look makes the network what the resources say, and checks a link.
func (s *stage) look(ctx context.Context, l link) (*rehearsal.Failure, error) {
	if err := s.lab.Sync(ctx); err != nil {
		return nil, err
	}
	if err := s.lab.WaitHealthy(ctx, probesDecide); err != nil && ctx.Err() != nil {
		return nil, err
	}
	_, failure, err := s.check(ctx, l)
	return failure, err
}

// mend puts resources back that were altered behind the engine's back, and removes new ones.
func (s *stage) mend(ctx context.Context, before simcloud.View) error {
	err := s.server.Mutate(func(world *simcloud.World) error {
		for _, r := range world.List("") {
			if _, old := before.Get(r.ID); !old {
				world.Delete(r.ID)
			}
		}
		for _, r := range before.List("") {
			if now, ok := world.Get(r.ID); !ok || now != r {
				world.Put(r)
			}
		}
		return nil
	})
	return errors.Join(err, s.lab.Sync(ctx))
}

func missingFilterRule(ctx context.Context, s *stage) (finding, error) {
	return s.fault(ctx, "security group", func(world *simcloud.World) (string, error) {
		return s.cloud.Break.FilterRule(world, s.links[0].Service.ID)
	})
}

func missingBalancerRule(ctx context.Context, s *stage) (finding, error) {
	return s.fault(ctx, "load balancer", func(world *simcloud.World) (string, error) {
		return s.cloud.Break.BalancerRule(world, s.links[0].Service.ID, s.links[0].PortMap[0].EndpointPort)
	})
}

func missingApproval(ctx context.Context, s *stage) (finding, error) {
	return s.fault(ctx, "not approved by", func(world *simcloud.World) (string, error) {
		return s.cloud.Break.Approval(world, s.links[0].Service.ID)
	})
}

func swappedRules(ctx context.Context, s *stage) (finding, error) {
	if len(s.links) == 0 || len(s.links[0].PortMap) < 2 {
		return finding{}, errors.New("two brokers behind a link are needed")
	}
	routes := s.links[0].PortMap
	return s.fault(ctx, fmt.Sprintf("sends port %d to node %d", routes[0].EndpointPort, routes[1].NodeID),
		func(world *simcloud.World) (string, error) {
			return s.cloud.Break.SwapRules(world, s.links[0].Service.ID, routes[0].EndpointPort, routes[1].EndpointPort)
		})
}
