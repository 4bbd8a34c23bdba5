//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab/consumer"
)

// afterwards is how long the producer goes on when only the new names are there.
const afterwards = 10 * time.Second

// newName gives the first link another name, which TiDB Cloud has on AWS only when its connection exists: brokers restart one
// by one and advertise it, while a producer writes by the names that are valid. Both are while brokers change; then the old
// ones go.
func newName(ctx context.Context, s *stage) (finding, error) {
	if len(s.links) == 0 {
		return finding{}, errNoLink
	}
	old := s.links[0]
	change := func(c automation.Configuration) error { return rename(c, old.name) }
	renamed, err := s.renamed(old, change)
	if err != nil {
		return finding{}, err
	}
	both := consumer.Names{}
	for _, l := range append(slices.Clone(s.links), renamed) {
		l.addNames(both)
	}
	if err := s.names.Set(both); err != nil {
		return finding{}, err
	}
	result, watch, err := s.underLoad(ctx, func(ctx context.Context) error {
		if err := s.reconfigure(ctx, change); err != nil {
			return err
		}
		names := consumer.Names{}
		for _, l := range s.links {
			l.addNames(names)
		}
		if err := s.names.Set(names); err != nil {
			return err
		}
		s.say("the old names are gone; the producer goes on for %s", afterwards)
		select {
		case <-ctx.Done():
		case <-time.After(afterwards):
		}
		return ctx.Err()
	})
	f, err := judge(fmt.Sprintf("from %s to %s", domainOf(old), domainOf(s.links[0])), result, watch, err)
	if err != nil || !f.passed {
		return f, err
	}
	_, failure, err := s.check(ctx, s.links[0])
	if failure != nil {
		f.passed, f.found, f.evidence = false, f.found+"; by the new name: "+failure.What, append(f.evidence, failure.Guilty)
	}
	return f, err
}

// rename changes, in a configuration, what the name of a link has in place of <unique_name> or of <random>, or the word that
// its pattern has there: the one behind the broker's.
func rename(c automation.Configuration, name string) error {
	links, _ := c["kafkalink:links"].([]any)
	changed := slices.Clone(links)
	for i, item := range changed {
		link, _ := item.(map[string]any)
		if link["name"] != name {
			continue
		}
		other := maps.Clone(link)
		pattern, _ := link["pattern"].(string)
		broker, rest, _ := strings.Cut(pattern, ".")
		word, domain, whole := strings.Cut(rest, ".")
		switch {
		case strings.Contains(pattern, "<unique_name>"):
			other["uniqueName"] = anotherName(link["uniqueName"])
		case strings.Contains(pattern, "<random>"):
			other["random"] = anotherName(link["random"])
		case whole && !strings.Contains(word, "<"):
			other["pattern"] = broker + "." + anotherName(word) + "." + domain
		default:
			return fmt.Errorf("link %q has no name of its consumer's in its pattern %q", name, pattern)
		}
		changed[i] = other
		c["kafkalink:links"] = changed
		return nil
	}
	return fmt.Errorf("the configuration has no link %q", name)
}

func anotherName(than any) string {
	if than == "kafkalink1" {
		return "kafkalink2"
	}
	return "kafkalink1"
}

// renamed is a link as it will be after a change of the configuration.
func (s *stage) renamed(l link, change func(automation.Configuration) error) (link, error) {
	config := maps.Clone(s.stack.Configuration)
	if err := change(config); err != nil {
		return l, err
	}
	validation := s.stack.Rehearsed(s.dir, config, s.simulate).Validate()
	if err := validation.Err(); err != nil {
		return l, err
	}
	i := slices.IndexFunc(validation.Cluster.Links, func(other kafka.Link) bool { return other.Name == l.name })
	if i < 0 {
		return l, errors.New("the link is gone")
	}
	l.PortMap = validation.Cluster.PortMap(validation.Cluster.Links[i])
	return l, nil
}

// domainOf is what all names of a link's brokers end in, but for their zones.
func domainOf(l link) string {
	_, domain, _ := strings.Cut(l.PortMap[0].AdvertisedHost, ".")
	if _, one := l.endpoints[""]; !one {
		_, domain, _ = strings.Cut(domain, ".")
	}
	return domain
}
