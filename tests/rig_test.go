package tests

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/internal/wiring"
	"github.com/kafkalink/kafkalink/simcloud"
)

// rig is one stack on a simulated cloud of its own, driven by the real engine.
type rig struct {
	cloud  cloud
	dir    string
	config map[string]any
	engine *automation.Engine
	// prepare alters a simulation before the engine meets it; operations is the log of the last one, view what it held in the end,
	// and there are the ids of that.
	prepare    func(*simcloud.Options)
	seed       func(*simcloud.World) error
	operations []simcloud.Operation
	view       simcloud.View
	there      []string
}

const stackName = "test"

// newRig copies a scenario's configuration into a project of its own.
func newRig(t testing.TB, c cloud, scenario string) *rig {
	t.Helper()
	r := &rig{cloud: c, dir: t.TempDir(), config: scenarioConfig(t, c, scenario), engine: engine(t)}
	if scenario == "own-network" {
		r.seed = c.ownNetwork
	}
	r.write(t)
	return r
}

func scenarioConfig(t testing.TB, c cloud, scenario string) map[string]any {
	t.Helper()
	path := c.testdata(scenario, "stack.yaml")
	if scenario == "documents" {
		path = filepath.Join("..", "Pulumi."+c.name+".yaml")
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	return file.Config
}

// engine finds the Pulumi CLI that `make` provides.
func engine(t testing.TB) *automation.Engine {
	t.Helper()
	found, err := automation.FindEngine(t.Context(), automation.EngineSearch{
		Given: os.Getenv("KAFKALINK_PULUMI"), Path: os.Getenv("PATH"), Local: []string{"../bin/pulumi"}, Env: os.Environ(),
	})
	require.NoError(t, err, "run `make bin/pulumi`")
	return found
}

// set changes the configuration: a dotted path from a configuration key, nil to take a setting away.
func (r *rig) set(t testing.TB, changes map[string]any) {
	t.Helper()
	r.config = changed(t, r.config, changes)
	r.write(t)
}

func (r *rig) write(t testing.TB) {
	t.Helper()
	for name, content := range map[string]any{
		"Pulumi.yaml":                   map[string]any{"name": "kafkalink", "runtime": "go"},
		"Pulumi." + stackName + ".yaml": map[string]any{"config": r.config},
	} {
		text, err := yaml.Marshal(content)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(r.dir, name), text, 0o600))
	}
}

func (r *rig) open(t testing.TB) *automation.Stack {
	t.Helper()
	stack, err := automation.Open(automation.Options{
		Dir: r.dir, Stack: stackName, Programs: wiring.Programs(), Engine: r.engine, Env: os.Environ(), Simulate: r.simulate,
	})
	require.NoError(t, err)
	return stack
}

// simulate serves the clouds of the binary, and keeps their log.
func (r *rig) simulate(ctx context.Context, request automation.SimulationRequest) (automation.Simulation, error) {
	options := wiring.Simulation(request)
	if r.prepare != nil {
		r.prepare(&options)
	}
	server, err := simcloud.Serve(ctx, options)
	if err != nil {
		return nil, err
	}
	if r.seed != nil {
		if err := server.Mutate(r.seed); err != nil {
			return nil, err
		}
		r.seed = nil
	}
	return &recorded{server, r}, nil
}

type recorded struct {
	*simcloud.Server
	rig *rig
}

func (s *recorded) Close() error {
	err := s.Server.Close()
	s.rig.operations, s.rig.view, s.rig.there = s.Operations(), s.View(), ids(s.View())
	return err
}

// ids of what is in the cloud, but for what comes with another resource that is there: a machine's system disk, a filter's
// rules, a network's main route table and default security group.
func ids(view simcloud.View) []string {
	var ids []string
	for _, r := range view.List("") {
		within := ""
		machine, _, isSystemDisk := strings.Cut(r.ID, "_OsDisk_1_")
		switch {
		case isSystemDisk:
			within = strings.Replace(machine, "/disks/", "/virtualMachines/", 1)
		case strings.HasSuffix(r.Type, ":SecurityRule"), r.Computed.True("byDefault"):
			within = r.Parent
		}
		if _, there := view.Get(within); !there {
			ids = append(ids, shownID(r.ID))
		}
	}
	slices.Sort(ids)
	return ids
}

// shownID is an id as a state has it, in small letters.
func shownID(id string) string { return strings.ToLower(spaces.ReplaceAllString(id, "")) }

// spaces are what the simulated AWS writes before ids that are names, which Pulumi does not.
var spaces = regexp.MustCompile(`^(key pair|document|role|instance profile|parameter) `)

// wantOnly compares what is in the cloud, by id, with what the stack's state says: each once, and nothing else. The guard
// dies with the machine that was asked, and its resource lies still.
func (r *rig) wantOnly(t *testing.T, there []string, why string) {
	t.Helper()
	var known []string
	for _, resource := range r.state(t) {
		if resource.Custom && strings.HasPrefix(string(resource.Type), r.cloud.tokens) {
			known = append(known, strings.ToLower(string(resource.ID)))
		}
	}
	slices.Sort(known)
	require.Equal(t, withoutGuard(known), withoutGuard(there), why)
}

func withoutGuard(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return strings.HasSuffix(id, "/runcommands/kafkalink-guard") })
}

// up deploys and returns the changes that reached the cloud, in the order they began.
func (r *rig) up(t testing.TB) []simcloud.Operation {
	t.Helper()
	_, err := r.open(t).Up(t.Context(), nil)
	require.NoError(t, err)
	return r.changes()
}

func (r *rig) changes() (list []simcloud.Operation) {
	for _, o := range r.operations {
		if o.Change > 0 {
			list = append(list, o)
		}
	}
	return list
}

// told are changes in words, "update brokers-1-configuration".
func told(changes []simcloud.Operation) (words []string) {
	for _, o := range changes {
		words = append(words, string(o.Kind)+" "+o.Name)
	}
	return words
}

// failsAt makes the first operation of a kind on a resource of the program fail.
func failsAt(kind simcloud.OperationKind, name string) func(*simcloud.Options) {
	return func(o *simcloud.Options) {
		o.FailMatch = func(op simcloud.Operation) bool { return op.Kind == kind && op.Name == name }
	}
}

// changed returns a deep copy of a configuration with some of its settings altered.
func changed(t testing.TB, config, changes map[string]any) map[string]any {
	t.Helper()
	text, err := yaml.Marshal(config)
	require.NoError(t, err)
	var result map[string]any
	require.NoError(t, yaml.Unmarshal(text, &result))
	for path, value := range changes {
		result = alter(t, result, strings.Split(configKey(path), "."), value).(map[string]any)
	}
	return result
}

// configKey gives a path the namespace of our configuration where it names none.
func configKey(path string) string {
	if strings.Contains(path, ":") {
		return path
	}
	return "kafkalink:" + path
}

func alter(t testing.TB, node any, path []string, value any) any {
	t.Helper()
	if len(path) == 0 {
		return value
	}
	if list, ok := node.([]any); ok {
		i, err := strconv.Atoi(path[0])
		require.NoError(t, err)
		for len(list) <= i {
			list = append(list, nil)
		}
		list[i] = alter(t, list[i], path[1:], value)
		return list
	}
	members, _ := node.(map[string]any)
	members = maps.Clone(members)
	if members == nil {
		members = map[string]any{}
	}
	if len(path) == 1 && value == nil {
		delete(members, path[0])
	} else {
		members[path[0]] = alter(t, members[path[0]], path[1:], value)
	}
	return members
}
