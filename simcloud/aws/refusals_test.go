package aws_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

// inputs are those of a resource beside, or in place of, one of the set-up.
type inputs func(*setup) Map

// create tries to make a resource beside those of the set-up.
func create(kind string, from inputs) func(*setup) error {
	return func(s *setup) error {
		_, err := s.Create(token(kind), "x", from(s))
		return err
	}
}

// update tries to change a resource of the set-up.
func update(name string, to inputs) func(*setup) error { return simtest.Update(name, to) }

// edit changes a resource as a console does: the provider is not asked what it thinks is no change.
func edit(name, property string, value any) func(*setup) error {
	return func(s *setup) error {
		return s.Server.Edit(s.By[name].ID, func(p simcloud.Properties) { p[property] = value })
	}
}

var (
	remove = simtest.Remove
	after  = simtest.After
	mutate = simtest.Mutate
)

// keep makes a resource that other parts of a situation refer to by name.
func keep(kind, name string, from inputs) func(*setup) error {
	return func(s *setup) error {
		s.Make(kind, name, from(s))
		return nil
	}
}

// all does several things.
func all(acts ...func(*setup) error) func(*setup) error {
	return func(s *setup) error {
		for _, act := range acts {
			if err := act(s); err != nil {
				return err
			}
		}
		return nil
	}
}

// plain are inputs that need nothing of the set-up.
func plain(m Map) inputs { return func(*setup) Map { return m } }

// but is inputs with one property changed.
func but(from inputs, path string, value any) inputs {
	return func(s *setup) Map { return with(from(s), path, value) }
}

// of are a resource's own inputs.
func of(name string) inputs {
	return func(s *setup) Map {
		given := Map{}
		for input, value := range s.By[name].Inputs {
			if !strings.HasPrefix(input, "__") {
				given[input] = value
			}
		}
		return given
	}
}

// ref is a property that holds the id of a resource of the set-up.
func ref(from inputs, path, name string) inputs {
	return func(s *setup) Map { return with(from(s), path, s.By[name].ID) }
}

func connect(endpoint aws.Endpoint) func(*setup) error {
	return mutate(func(s *setup, world *simcloud.World) error {
		_, err := aws.Connect(world, s.By["service"].Outputs["serviceName"].(string), endpoint)
		return err
	})
}

// situation is what someone does to the set-up, and the exact refusal. In the texts <name> stands for the id of a resource of
// the set-up, <prefix-> for an id that AWS has made up meanwhile; what all requests' errors have in common is left out.
type situation simtest.Situation

func TestRefusals(t *testing.T) {
	t.Parallel()
	simtest.Refusals(t, start, readable, map[string]map[string]situation{
		"network": networkRefusals(), "security groups": groupRefusals(), "compute": computeRefusals(), "volumes": volumeRefusals(), "access": accessRefusals(),
		"systems manager": managerRefusals(), "balancing": balancingRefusals(), "endpoint service": serviceRefusals(), "inputs": inputRefusals(),
	})
}

var madeUp = regexp.MustCompile(`\b((?:ami|vpc|subnet|igw|rtb|nat|sg|sgr|eni|vol|i|vpce-svc|eipassoc|eipalloc|key)-)[0-9a-f]{17}`)

func readable(s *setup, said string) string {
	said = strings.ReplaceAll(said, ", https response error StatusCode: 400, RequestID: 00000000-0000-0000-0000-000000000000", "")
	names := slices.SortedFunc(maps.Keys(s.By), func(a, b string) int { return len(s.By[b].ID) - len(s.By[a].ID) })
	for _, name := range names {
		if id := s.By[name].ID; len(id) > len("kafka-configure") {
			said = strings.ReplaceAll(said, id, "<"+name+">")
		}
	}
	return madeUp.ReplaceAllString(said, "<$1>")
}

func addressIn(third, fourth int) string { return fmt.Sprintf("10.0.%d.%d", third, fourth) }
