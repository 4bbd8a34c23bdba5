package automation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
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

func TestWhatAnInterruptedReplacementLeftIsPlannedAndCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	h.configure("  test:generation: \"2\"\n")
	h.cloud.Before = func(_ context.Context, operation, name string) error {
		if operation+" "+name == "delete machine-1" {
			return errors.New("no")
		}
		return nil
	}
	_, err := h.stack().Up(t.Context(), nil)
	require.Error(t, failure(t, automation.KindResource, err))
	h.cloud.Before = nil
	h.cloud.Log()

	preview, err := h.stack().Preview(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, preview.Changes, 1)
	require.Equal(t, "machine-1", preview.Changes[0].Resource.Name)
	require.Equal(t, automation.ActionDelete, preview.Changes[0].Action)
	require.Empty(t, preview.Restarts, "what is removed is not what runs")

	result := h.up()
	require.Equal(t, []string{"delete machine-1"}, h.cloud.Log())
	require.Equal(t, 1, result.Changes[automation.ActionDelete])
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

func TestASecretOfKafkalinksOwnKeysIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	secret := strings.Replace(enginetest.Configuration, "name: kafka", "name: {secure: AAAB}", 1) + "  test:size: {secure: AAAB}\n"
	require.NoError(t, os.WriteFile(filepath.Join(h.dir, "Pulumi.dev.yaml"), []byte(secret), 0o600))

	_, err := h.stack().Preview(t.Context(), nil)

	known := failure(t, automation.KindConfiguration, err)
	require.Equal(t, "kafkalink:cluster.name: Forbidden: holds a secret; what is made of kafkalink's configuration is "+
		"readable in user-data and state; set it without --secret and refer to files on the hosts as ${file:...}", known.Why)
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

func TestTheFirstProgramRunsUntilThereIsSomething(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var ran []string
	stack := func() *automation.Stack {
		return h.stack(func(o *automation.Options) {
			run := o.Programs[0].Run
			o.Programs[0].Run = func(ctx *pulumi.Context) error { ran = append(ran, "run"); return run(ctx) }
			o.Programs[0].RunFirst = func(ctx *pulumi.Context) error { ran = append(ran, "first"); return run(ctx) }
		})
	}
	up := func() error { _, err := stack().Up(t.Context(), nil); return err }

	_, err := stack().Preview(t.Context(), nil)
	require.NoError(t, err)
	h.cloud.Before = func(context.Context, string, string) error { return errors.New("the cloud refuses") }
	require.Error(t, up(), "the stack is known now, and nothing of it exists")
	h.cloud.Before = nil
	require.NoError(t, up())
	require.NoError(t, up())
	_, err = stack().Destroy(t.Context(), automation.DestroyOptions{}, nil)
	require.NoError(t, err)
	require.NoError(t, up(), "its disks exist")
	_, err = stack().Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
	require.NoError(t, err)
	require.NoError(t, up())

	require.Equal(t, []string{"first", "first", "first", "run", "run", "first"}, ran)
}
