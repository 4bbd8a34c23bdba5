package automation_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

// Two simulated clouds over one file would each save their own.
func TestASimulatedCloudServesOneOperation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	second := make(chan error, 1)
	h.cloud.Before = func(ctx context.Context, _, name string) error {
		if name == "machine-1" {
			_, err := h.stack().Preview(ctx, nil)
			second <- err
		}
		return nil
	}

	h.up()

	known := failure(t, automation.KindLocked, <-second)
	require.Equal(t, `preview of simulated stack "dev" cannot begin`, known.What)
	require.Equal(t, fmt.Sprintf("process %d is working on %s", os.Getpid(), h.stack().SimulatedDir()), known.Why)
	_, err := h.stack().Preview(t.Context(), nil)
	require.NoError(t, err, "the first has ended")
}

func TestARehearsalInADirectoryWithAnyName(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	dir := filepath.Join(t.TempDir(), "50%25 #1? [x]")
	require.NoError(t, os.Rename(h.dir, dir))
	h.dir = dir

	h.up()
	_, err := h.stack().Outputs(t.Context())

	require.NoError(t, err)
	require.FileExists(t, filepath.Join(h.stack().SimulatedDir(), "state", ".pulumi", "stacks", "house", "dev.json"))
}

func TestARehearsalThatCannotKeepItsStateSaysWhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	require.NoError(t, os.WriteFile(filepath.Join(h.dir, ".kafkalink"), nil, 0o600))
	operations := map[string]func() error{
		"preview": func() error { _, err := h.stack().Preview(t.Context(), nil); return err },
		"outputs": func() error { _, err := h.stack().Outputs(t.Context()); return err },
	}
	for name, operate := range operations {
		known := failure(t, automation.KindOther, operate())
		require.Equal(t, "the rehearsal cannot keep its state", known.What, name)
		require.Contains(t, known.Why, "not a directory", name)
		require.Contains(t, known.Next, h.stack().SimulatedDir(), name)
	}
}
