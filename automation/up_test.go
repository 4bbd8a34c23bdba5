package automation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

func TestUpDeploysAndReturnsTheOutputs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)

	result := h.up()

	require.Equal(t, []string{"disk-1", "disk-2", "group", "machine-1", "machine-2", "service"}, h.cloud.Resources())
	require.Contains(t, result.Outputs.Links, "tidb")
	require.Equal(t, []int{9093, 9094}, result.Outputs.Links["tidb"].BootstrapPorts)
	again, err := h.stack().Outputs(t.Context())
	require.NoError(t, err)
	require.Equal(t, result.Outputs, again)
}

func TestSecondUpChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	h.cloud.Log()

	preview, err := h.stack().Preview(t.Context(), nil)
	require.NoError(t, err)
	result := h.up()

	require.Empty(t, preview.Changes)
	require.Empty(t, h.cloud.Log())
	require.NotZero(t, result.Changes[automation.ActionSame])
	require.Equal(t, map[automation.Action]int{automation.ActionSame: result.Changes[automation.ActionSame]}, result.Changes)
}

func TestPreviewPlansWithoutChanging(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	h.cloud.Log()
	cases := []struct {
		name, settings string
		action         automation.Action
		property       string
	}{
		{"a change in place", "  test:size: large\n", automation.ActionUpdate, "size"},
		{"a replacement", "  test:image: \"2\"\n", automation.ActionReplace, "replaces"},
	}
	for _, c := range cases {
		h.configure(c.settings)
		preview, err := h.stack().Preview(t.Context(), nil)
		require.NoError(t, err, c.name)

		changed := map[string][]string{}
		for _, change := range preview.Changes {
			if change.Action == c.action {
				changed[change.Resource.Name] = change.Changed
			}
		}
		require.Equal(t, []string{c.property}, changed["machine-1"], c.name)
		require.Equal(t, []string{c.property}, changed["machine-2"], c.name)
		require.Equal(t, []int{1, 2}, preview.Restarts, c.name)
		require.Contains(t, preview.Diff, c.property, c.name)
		require.Empty(t, h.cloud.Log(), c.name)
	}
}

func TestProgressTellsEachStepOnceWithItsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	steps := map[string][]automation.State{}

	_, err := h.stack().Up(t.Context(), func(e automation.Event) {
		if step, ok := e.(*automation.Step); ok && step.Action == automation.ActionCreate {
			steps[step.Resource.Name] = append(steps[step.Resource.Name], step.State)
		}
	})

	require.NoError(t, err)
	for _, name := range h.cloud.Resources() {
		require.Equal(t, []automation.State{automation.StateRunning, automation.StateDone}, steps[name], name)
	}
}

func TestOutputsOfAStackThatIsNotDeployed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)

	_, err := h.stack().Outputs(t.Context())

	known := failure(t, automation.KindStackNotFound, err)
	require.Equal(t, `stack "dev" is not deployed`, known.What)
}

func TestInvalidConfigurationStartsNoEngine(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.configure("    brokers: 3\n")
	stack := h.stack(func(o *automation.Options) { o.Engine = &automation.Engine{Path: "/nowhere"} })

	_, err := stack.Up(t.Context(), nil)

	known := failure(t, automation.KindConfiguration, err)
	require.Equal(t, `kafkalink:cluster.brokers: Forbidden: is not a setting of this cloud; use size`, known.Why)
	require.NoDirExists(t, stack.SimulatedDir())
}
