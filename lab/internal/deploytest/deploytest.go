// Package deploytest deploys what a stack registers, by its golden file, on a simulated cloud: readers are held against what
// clouds store and compute.
package deploytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

// EverySetUp reads every scenario of a cloud's stack, deployed, and wants of it what is wanted of any; more is what else one
// cloud's are held to.
func EverySetUp(t *testing.T, cloud string, read func(t *testing.T, scenario string) fabric.Deployment, more func(t *testing.T, scenario string, got fabric.Deployment)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../tests/testdata", cloud, "*/registered.yaml"))
	require.NoError(t, err)
	require.Greater(t, len(files), 1)
	for _, file := range files {
		scenario := filepath.Base(filepath.Dir(file))
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			got := read(t, scenario)
			require.NotEmpty(t, got.Fabric.Services)
			for _, i := range got.Fabric.Interfaces {
				require.NotEmpty(t, i.Machine, i.Name)
				require.NotEmpty(t, i.Inbound, i.Name)
				require.NotEmpty(t, i.Outbound, i.Name)
			}
			for _, rule := range got.Fabric.Rules {
				require.True(t, len(rule.Targets) > 0 || rule.Without != "", rule.Name)
				require.NotZero(t, rule.Probe, rule.Name)
			}
			for _, m := range got.Machines {
				require.NotEmpty(t, m.Interface, m.Name)
				require.NotZero(t, m.MemoryMiB, m.Name)
			}
			more(t, scenario, got)
		})
	}
}

// Registration is a resource as a stack's golden file has it.
type Registration struct {
	Name, Type   string
	Dependencies []string
	Inputs       map[string]any
}

// Registrations are those of a cloud's scenario that its provider makes: whose types begin with what is given.
func Registrations(t *testing.T, cloud, scenario, tokens string) (made []Registration) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../tests/testdata", cloud, scenario, "registered.yaml"))
	require.NoError(t, err)
	var all []Registration
	require.NoError(t, yaml.Unmarshal(text, &all))
	for _, r := range all {
		if strings.HasPrefix(r.Type, tokens) {
			made = append(made, r)
		}
	}
	require.NotEmpty(t, made)
	return made
}

// Register creates resources on a provider, each after those it depends on; inputs says what each is told, made what its id is.
func Register(t *testing.T, provider *simtest.Engine, resources []Registration, inputs func(Registration) map[string]any, made func(name, id string)) {
	t.Helper()
	waiting := map[string]bool{}
	for _, r := range resources {
		waiting[r.Name] = true
	}
	for len(waiting) > 0 {
		before := len(waiting)
		for _, r := range resources {
			ready := waiting[r.Name]
			for _, dependency := range r.Dependencies {
				ready = ready && !waiting[dependency]
			}
			if ready {
				made(r.Name, provider.MustCreate(r.Type, r.Name, inputs(r)).ID)
				delete(waiting, r.Name)
			}
		}
		require.Less(t, len(waiting), before, "dependencies in a circle: %v", waiting)
	}
}
