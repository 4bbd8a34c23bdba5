package simtest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Situation is what someone does to a set-up, and the exact refusal.
type Situation struct {
	Act  func(*Setup) error
	Want string
}

// Refusals wants what is done in every situation to be refused, each on a set-up of its own. By area and by name. The text is
// compared as readable makes it.
func Refusals[S ~struct {
	Act  func(*Setup) error
	Want string
}](t *testing.T, start func(*testing.T) *Setup, readable func(s *Setup, said string) string, areas map[string]map[string]S) {
	for area, situations := range areas {
		for name, of := range situations {
			t.Run(area+"/"+name, func(t *testing.T) {
				t.Parallel()
				s, test := start(t), Situation(of)
				assert.Equal(t, test.Want, readable(s, Refused(t, s, test.Act)))
			})
		}
	}
}

// Update tries to change a resource of the set-up.
func Update(name string, to func(*Setup) Map) func(*Setup) error {
	return func(s *Setup) error { return s.Update(s.By[name], to(s)) }
}

// Remove tries to delete a resource of the set-up.
func Remove(name string) func(*Setup) error {
	return func(s *Setup) error { return s.Delete(s.By[name]) }
}

// Mutate changes the world as nobody's program does.
func Mutate(change func(s *Setup, world *simcloud.World) error) func(*Setup) error {
	return func(s *Setup) error {
		return s.Server.Mutate(func(world *simcloud.World) error { return change(s, world) })
	}
}

// After does something first that must succeed.
func After(first, then func(*Setup) error) func(*Setup) error {
	return func(s *Setup) error {
		require.NoError(s.T, first(s))
		s.Prepared()
		return then(s)
	}
}

// Refused does what is to be refused and gives what was said. What is refused changes nothing.
func Refused(t *testing.T, s *Setup, act func(*Setup) error) string {
	before := s.Server.View()
	s.Prepared = func() { before = s.Server.View() }
	err := act(s)
	require.Error(t, err)
	for _, r := range before.List("") {
		now, ok := s.Server.View().Get(r.ID)
		if assert.True(t, ok, "%s is gone", r.ID) {
			assert.Equal(t, r.Properties, now.Properties, "what is refused changes nothing")
		}
	}
	return err.Error()
}
