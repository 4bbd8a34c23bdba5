package automation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

func names(resources []automation.Resource) []string {
	names := []string{}
	for _, r := range resources {
		names = append(names, r.Name)
	}
	return names
}

func TestDestroyKeepsTheDataDisksAndWhatHoldsThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	h.cloud.Log()
	keeps := automation.DestroyOptions{}

	plan, err := h.stack().PlanDestroy(t.Context(), keeps)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"machine-1", "machine-2", "service"}, names(plan.Remove))
	require.Equal(t, []string{"service"}, names(plan.Protected))
	require.Empty(t, h.cloud.Log(), "a plan must change nothing")

	_, err = h.stack().Destroy(t.Context(), keeps, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"disk-1", "disk-2", "group"}, h.cloud.Resources())
	require.Equal(t, []string{"delete service", "delete machine-2", "delete machine-1"}, h.cloud.Log())

	t.Run("what it leaves is not called deployed", func(t *testing.T) {
		_, err := h.stack().Outputs(t.Context())
		require.Error(t, failure(t, automation.KindStackNotFound, err))
	})
	t.Run("the disks stay protected", func(t *testing.T) {
		plan, err := h.stack().PlanDestroy(t.Context(), automation.DestroyOptions{DeleteData: true})
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"disk-1", "disk-2"}, names(plan.Protected))
	})
	t.Run("a second destroy does nothing", func(t *testing.T) {
		result, err := h.stack().Destroy(t.Context(), keeps, nil)
		require.NoError(t, err)
		require.Empty(t, result.Plan.Remove)
		require.Empty(t, h.cloud.Log())
	})
	t.Run("the next up uses the disks again", func(t *testing.T) {
		h.up()
		require.Equal(t, []string{"create machine-1", "create machine-2", "create service"}, h.cloud.Log())
		plan, err := h.stack().PlanDestroy(t.Context(), keeps)
		require.NoError(t, err)
		require.Equal(t, []string{"service"}, names(plan.Protected), "up protects the endpoint service again")
	})
	t.Run("delete data leaves nothing", func(t *testing.T) {
		_, err := h.stack().Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
		require.NoError(t, err)
		require.Empty(t, h.cloud.Resources())
		result, err := h.stack().Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
		require.NoError(t, err)
		require.Empty(t, result.Plan.Remove)
	})
}

func TestDestroyNeedsNeitherProgramNorValidConfiguration(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	h.configure("    brokers: 3\n")
	stack := h.stack()
	require.Error(t, stack.Validate().Err())
	stack.Program.Run = nil

	_, err := stack.Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)

	require.NoError(t, err)
	require.Empty(t, h.cloud.Resources())
}

func TestDestroyOfAStackThatIsNotDeployed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)

	_, err := h.stack().Destroy(t.Context(), automation.DestroyOptions{}, nil)

	require.Error(t, failure(t, automation.KindStackNotFound, err))
}

func TestAFailedDestroyOfTheDataIsContinuedWithTheData(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	h.cloud.Before = func(context.Context, string, string) error { return errors.New("no") }

	_, err := h.stack().Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)

	known := failure(t, automation.KindResource, err)
	require.Contains(t, known.Next, "kafkalink destroy --delete-data continues")
}

func TestADestroyNamesWhatAKilledOperationWasCreating(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.up()
	file := filepath.Join(h.stack().SimulatedDir(), "state", ".pulumi", "stacks", "house", "dev.json")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	const latest = `"latest": {`
	pending := `"pending_operations": [{"type": "creating", "resource": {
		"urn": "urn:pulumi:dev::house::test:cloud:Machine::machine-3", "custom": true, "type": "test:cloud:Machine"}}],`
	cut := strings.Replace(string(text), latest, latest+pending, 1)
	require.NotEqual(t, string(text), cut)
	require.NoError(t, os.WriteFile(file, []byte(cut), 0o600))

	plan, err := h.stack().PlanDestroy(t.Context(), automation.DestroyOptions{})
	require.NoError(t, err)
	require.Len(t, plan.CutOff, 1)
	require.Equal(t, "machine machine-3", plan.CutOff[0].Label)
	require.NotContains(t, plan.Remove, plan.CutOff[0])
}
