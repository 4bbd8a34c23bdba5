package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

func TestDoctorSaysWhatIsThereAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.must("doctor")
	require.Contains(t, o.out, "✓ Pulumi CLI: v3.")
	require.Contains(t, o.out, "Stack house/dev\n  ✓ configuration: valid\n  ✓ backend: state of simulated runs")
	require.Contains(t, o.out, "✓ plan: the engine can make it: 6 to create")
	require.Contains(t, o.out, "✓ Nothing is missing. Next: kafkalink up --simulate --cwd "+h.dir)

	require.NoError(t, os.WriteFile(filepath.Join(h.dir, "Pulumi.dev.yaml"), []byte(enginetest.Configuration+"  test:panic: \"yes\"\n"), 0o600))
	o = h.run("doctor", "--json")
	require.Equal(t, 1, o.code)
	var document struct {
		Ready bool
		Areas []struct {
			Name   string
			Checks []struct {
				Subject, Detail, Next string
				Missing               bool
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(o.out), &document))
	require.False(t, document.Ready)
	stack := document.Areas[1]
	require.Equal(t, "Stack house/dev", stack.Name)
	plan := stack.Checks[len(stack.Checks)-1]
	require.Equal(t, "plan", plan.Subject)
	require.True(t, plan.Missing)
	require.Contains(t, plan.Detail, "no such broker")
	require.Contains(t, o.err, "checks found something missing")
}
