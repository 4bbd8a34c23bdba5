package simtest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Setup is what a test has made on a simulated cloud, by name.
type Setup struct {
	*Engine
	T     testing.TB
	By    map[string]*State
	Token func(kind string) string // Pulumi's token of what a test calls by a short name
	// Prepared is called when a situation has been prepared, before what is to be refused.
	Prepared func()
}

// Empty is a cloud on which nothing is made yet.
func Empty(t testing.TB, cloud *simcloud.Cloud, options simcloud.Options, config Map, token func(kind string) string) *Setup {
	options.Clouds = []*simcloud.Cloud{cloud}
	return &Setup{Engine: Start(t, options, config), T: t, By: map[string]*State{}, Token: token}
}

// Make creates a resource and keeps it under its name.
func (s *Setup) Make(kind, name string, inputs Map) *State {
	s.T.Helper()
	state, err := s.Create(s.Token(kind), name, inputs)
	require.NoError(s.T, err, "%s %s", kind, name)
	s.By[name] = state
	return state
}

// With copies inputs and sets one property of them, or takes it away where the value is nil.
func With(inputs Map, path string, value any) Map {
	copied := Map(simcloud.Properties(inputs).Clone())
	if value == nil {
		delete(copied, path)
	} else {
		simcloud.Properties(copied).Set(path, value)
	}
	return copied
}

// NothingDrifts reads everything again, and wants it to be as it was.
func (s *Setup) NothingDrifts() {
	s.T.Helper()
	for name, state := range s.By {
		before := state.Inputs
		require.True(s.T, s.Refresh(state), name)
		assert.Equal(s.T, before, state.Inputs, "%s has not drifted", name)
	}
}
