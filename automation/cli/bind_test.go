package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

const (
	unbound = enginetest.Configuration + "  kafkalink:links:\n    - name: tidb # theirs\n"
	boundTo = enginetest.Configuration + "  kafkalink:links:\n    - name: tidb # theirs\n      uniqueName: kpl-1\n"
)

// newUnboundHouse has a link without a unique name.
func newUnboundHouse(t *testing.T) *house {
	t.Helper()
	return &house{t: t, cloud: enginetest.NewCloud(t), dir: enginetest.Project(t, unbound)}
}

func (h *house) file() string {
	h.t.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, "Pulumi.dev.yaml"))
	require.NoError(h.t, err)
	return string(text)
}

func TestBindDeploysTheName(t *testing.T) {
	t.Parallel()
	h := newUnboundHouse(t)
	h.must("up", "--yes")

	first := h.must("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes")
	require.Contains(t, first.out, "2 to update\nRestarts, one at a time: broker-1, broker-2\n\n✓ link tidb has the unique name kpl-1 in the stack's file\n")
	require.Contains(t, first.out, "✓ house/dev is deployed (")
	require.Equal(t, boundTo, h.file())

	second := h.must("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes")
	require.Contains(t, second.out, "· link tidb has the unique name kpl-1 already\n")
	require.Contains(t, second.out, "Nothing to change: what is deployed is what is configured.\n")
	require.Contains(t, second.out, "✓ house/dev is deployed, unchanged (")
	require.NotContains(t, second.out, "in the stack's file")
	require.Equal(t, boundTo, h.file())
}

func TestBindInJSONIsOneDocument(t *testing.T) {
	t.Parallel()
	h := newUnboundHouse(t)
	o := h.run("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes", "--json")
	require.Zero(t, o.code, o.err)
	require.Contains(t, o.err, "✓ link tidb has the unique name kpl-1 in the stack's file\n")
	var up struct{ Outputs map[string]any }
	require.NoError(t, json.Unmarshal([]byte(o.out), &up))
	require.Contains(t, up.Outputs["links"], "tidb")
	require.Equal(t, boundTo, h.file())
}

// TestABindThatFailsInItsPlanLeavesTheFile has a program that fails before anything is agreed to.
func TestABindThatFailsInItsPlanLeavesTheFile(t *testing.T) {
	t.Parallel()
	const fails = "  test:panic: here\n"
	h := &house{t: t, cloud: enginetest.NewCloud(t), dir: enginetest.Project(t, unbound+fails)}
	o := h.run("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes")
	require.Equal(t, 1, o.code)
	require.Contains(t, o.err, `Error: preview of stack "dev" failed`)
	require.Equal(t, unbound+fails, h.file())
}

// TestABindThatFailsInTheCloudIsFinishedByUp has the name in the file: it is what was agreed to, and partly deployed.
func TestABindThatFailsInTheCloudIsFinishedByUp(t *testing.T) {
	t.Parallel()
	h := newUnboundHouse(t)
	h.must("up", "--yes")
	h.cloud.Before = func(_ context.Context, _, name string) error {
		if name == "machine-2" {
			return errors.New("quota of 4 cores exceeded")
		}
		return nil
	}
	o := h.run("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes")
	require.Equal(t, 4, o.code)
	require.Contains(t, o.err, "then kafkalink up --simulate --cwd "+h.dir+" continues")
	require.Equal(t, boundTo, h.file())

	h.cloud.Before = nil
	again := h.must("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes")
	require.Contains(t, again.out, "· link tidb has the unique name kpl-1 already\n")
	require.Contains(t, again.out, "\n1 to update\n")
}

// TestABindThatCannotBeginLeavesTheFile has somebody else hold the stack.
func TestABindThatCannotBeginLeavesTheFile(t *testing.T) {
	t.Parallel()
	h := newUnboundHouse(t)
	h.must("up", "--yes")
	h.lock()
	o := h.run("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes")
	require.Equal(t, 1, o.code)
	require.Contains(t, o.err, "the stack is held by maria@bastion")
	require.Contains(t, o.out, "· the stack's file is as it was before: nothing was deployed\n")
	require.Equal(t, unbound, h.file())
	h.must("cancel", "--yes")
	h.must("bind", "--link", "tidb", "--unique-name", "kpl-1", "--yes")
	require.Equal(t, boundTo, h.file())
}
