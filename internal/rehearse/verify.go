//go:build linux

package rehearse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/lab/consumer"
)

// verify does what a consumer does, through every link.
func (s *stage) verify(ctx context.Context) (string, error) {
	// A load balancer sends nothing to a broker before its probes have seen it.
	if err := s.lab.WaitHealthy(ctx, time.Minute); err != nil && ctx.Err() == nil {
		s.say("%v", err)
	}
	var counts rehearsal.Counts
	for _, l := range s.links {
		seen, failure, err := s.check(ctx, l)
		s.report.Links = append(s.report.Links, seen)
		if err != nil {
			return "", err
		}
		if failure != nil {
			s.report.Failure = failure
			return "", nil
		}
		counts.Partitions += seen.Records.Partitions
		counts.Read += seen.Records.Read
	}
	return fmt.Sprintf("%d records on %d partitions, each acknowledged by all replicas and read back equal", counts.Read, counts.Partitions), nil
}

// endpointText is a link's endpoint, for people.
func (l link) endpointText() string {
	var texts []string
	for _, zone := range l.zones() {
		text := l.endpoints[zone].String()
		if zone != "" {
			text += " in " + zone
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

// check goes through one link. What is wrong with the link is a failure, what keeps the check from being made an error.
func (s *stage) check(ctx context.Context, l link) (rehearsal.Link, *rehearsal.Failure, error) {
	seen, problems, err := s.consume(ctx, l, s.consumerOptions(l))
	if err != nil || problems == nil {
		return seen, nil, err
	}
	return seen, s.guilty(ctx, l, seen, problems), nil
}

// consume does what a consumer does, and says what is wrong with the link; nil: nothing is.
func (s *stage) consume(ctx context.Context, l link, options consumer.Options) (rehearsal.Link, []string, error) {
	result, err := consumer.Check(ctx, options)
	if ctx.Err() != nil {
		return rehearsal.Link{}, nil, ctx.Err()
	}
	seen := rehearsal.Link{
		Name: l.name, Service: l.Alias, Endpoint: l.endpointText(),
		Records: rehearsal.Counts{
			Partitions: result.Partitions, Produced: result.Produced, Acknowledged: result.Acknowledged, Read: result.Read,
		},
	}
	for _, p := range result.Ports {
		port := rehearsal.Port{Port: portOf(p.Endpoint), Advertised: p.Advertised, Error: p.Error}
		if p.WantBroker == consumer.AnyBroker {
			continue // a bootstrap port; every one of them is a broker's too, or leads to any
		}
		port.Wanted = int(p.WantBroker)
		if p.GotBroker != consumer.UnknownBroker {
			port.Reached = int(p.GotBroker)
		}
		seen.Ports = append(seen.Ports, port)
	}
	if err == nil {
		return seen, nil, nil
	}
	if len(result.Problems) == 0 {
		return seen, []string{err.Error()}, nil
	}
	return seen, result.Problems, nil
}
