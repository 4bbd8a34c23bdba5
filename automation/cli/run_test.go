package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/cli"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

// house is a project with a stack on a cloud of its own, operated on by the command.
type house struct {
	t     *testing.T
	cloud *enginetest.Cloud
	dir   string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return &house{t: t, cloud: enginetest.NewCloud(t), dir: enginetest.Project(t, enginetest.Configuration)}
}

type outcome struct {
	code     int
	out, err string
}

// run runs the command on the simulated stack, where nobody can be asked.
func (h *house) run(args ...string) outcome {
	h.t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(h.t.Context(), cli.Options{
		Programs: []automation.Program{enginetest.Program()},
		Simulate: h.cloud.Simulate,
		Args:     append([]string{"--simulate", "--cwd", h.dir}, args...),
		Env:      append(os.Environ(), "KAFKALINK_PULUMI="+enginetest.Engine(h.t).Path),
		In:       &bytes.Buffer{},
		Out:      &out,
		Err:      &errs,
	})
	return outcome{code, out.String(), errs.String()}
}

func (h *house) must(args ...string) outcome {
	h.t.Helper()
	o := h.run(args...)
	require.Zero(h.t, o.code, "%v\n%s%s", args, o.out, o.err)
	require.Empty(h.t, o.err)
	return o
}

func TestFromUpToNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)

	first := h.must("up", "--yes")
	require.Contains(t, first.out, "6 to create")
	require.Contains(t, first.out, "✓ created machine machine-2")
	require.Contains(t, first.out, "✓ house/dev is deployed (")
	require.Contains(t, first.out, "kafka-pls.id-6")
	require.Contains(t, first.out, "Next: enter this at the consumer's; kafkalink handoff --simulate")

	handoff := h.must("handoff")
	require.Contains(t, first.out, handoff.out, "up ends with the hand-off")
	require.Contains(t, h.must("handoff", "--format", "markdown").out, "| Bootstrap Ports | `9093,9094` |")
	require.Contains(t, h.must("outputs").out, "link tidb  Test Endpoint Service kafka-pls.id-6")

	second := h.must("up", "--yes")
	require.Contains(t, second.out, "Nothing to change")
	require.Contains(t, second.out, "✓ house/dev is deployed, unchanged (")
	require.NotContains(t, second.out, "created")

	kept := h.must("destroy", "--yes")
	require.Contains(t, kept.out, "  endpoint service service (protected: its protection is lifted)\n")
	require.Contains(t, kept.out, "\nKeeps\n")
	require.Contains(t, kept.out, "✓ house/dev is removed, its data is kept (")
	require.Contains(t, kept.out, "kafkalink destroy --delete-data --simulate")
	require.Equal(t, []string{"disk-1", "disk-2", "group"}, h.cloud.Resources())
	missing := h.run("handoff")
	require.Equal(t, 6, missing.code)
	require.Contains(t, missing.err, "kafkalink up --simulate --cwd "+h.dir)

	require.Contains(t, h.must("destroy", "--yes").out, "Nothing to remove.")

	all := h.must("destroy", "--yes", "--delete-data")
	require.Contains(t, all.out, "✓ house/dev is removed (")
	require.Empty(t, h.cloud.Resources())
}

func TestRefreshAsksBeforeItTakesWhatDiffers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	require.Equal(t, 6, h.run("refresh", "--yes").code, "what was never deployed cannot differ")
	h.must("up", "--yes")
	require.Contains(t, h.must("refresh", "--preview-only").out, "Nothing differs")
	h.cloud.Lose("machine-2")

	require.Equal(t, 2, h.run("refresh").code, "there is nobody to ask")
	look := h.must("refresh", "--preview-only")
	require.Contains(t, look.out, "  gone    machine machine-2\n")
	require.Contains(t, look.out, "Next: kafkalink up --simulate")
	require.Contains(t, h.run("refresh", "--json", "--preview-only").out, `"gone": true`)

	require.Contains(t, h.must("refresh", "--yes").out, "  gone    machine machine-2\n")
	require.Contains(t, h.must("refresh", "--yes").out, "Nothing differs")
	require.Contains(t, h.must("up", "--yes").out, "✓ created machine machine-2")
}

// lock is somebody else's operation on the stack.
func (h *house) lock() {
	h.t.Helper()
	locks := filepath.Join(h.dir, ".kafkalink", "simulated", "dev", "state", ".pulumi", "locks", "organization", "house", "dev")
	require.NoError(h.t, os.MkdirAll(locks, 0o700))
	lock := `{"pid": 4711, "username": "maria", "hostname": "bastion", "timestamp": "2026-01-02T03:04:05Z"}`
	require.NoError(h.t, os.WriteFile(filepath.Join(locks, "5e8a2d6c-0000-4000-8000-000000000000.json"), []byte(lock), 0o600))
}

func TestCancelReleasesAStack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.must("up", "--yes")
	h.lock()

	held := h.run("up", "--yes")
	require.NotZero(t, held.code)
	require.Contains(t, held.err, "the stack is held by maria@bastion, process 4711, since 2026-01-02 03:04:05 UTC")
	require.Contains(t, held.err, "kafkalink cancel --simulate")

	require.Contains(t, h.must("cancel", "--yes").out, "✓ house/dev is released")
	h.must("up", "--yes")
}

func TestPreviewSaysWhatRestarts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.must("up", "--yes")
	path := filepath.Join(h.dir, "Pulumi.dev.yaml")
	require.NoError(t, os.WriteFile(path, []byte(enginetest.Configuration+"  test:size: large\n"), 0o600))

	preview := h.must("preview")

	require.Contains(t, preview.out, "  update   machine machine-1 (size)\n  update   machine machine-2 (size)\n\n2 to update\n")
	require.Contains(t, preview.out, "Restarts, one at a time: broker-1, broker-2\n")
	require.Contains(t, preview.out, `+ size: "large"`, "the engine's own diff")
}

func TestJSONIsOneDocument(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	read := func(into any, args ...string) {
		t.Helper()
		o := h.run(append(args, "--json")...)
		require.Zero(t, o.code, o.err)
		decoder := json.NewDecoder(bytes.NewReader([]byte(o.out)))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(into), o.out)
		require.False(t, decoder.More())
	}
	var preview struct {
		Changes []struct {
			Resource map[string]any
			Action   string
		}
		Unchanged int
		Restarts  []int
		Diff      string
	}
	read(&preview, "preview")
	require.NotEmpty(t, preview.Changes)
	var up struct {
		Outputs map[string]any
		Changes map[string]int
		Seconds float64
	}
	read(&up, "up", "--yes")
	require.Contains(t, up.Outputs["links"], "tidb")
	require.Positive(t, up.Seconds)
	var outputs map[string]any
	read(&outputs, "outputs")
	require.Equal(t, up.Outputs, outputs)
	var handoff map[string]struct {
		Link    string
		Fields  []map[string]string
		PortMap []map[string]any
	}
	read(&handoff, "handoff")
	require.NotEmpty(t, handoff["tidb"].Fields)
	var destroyed struct {
		Remove, Keep, Protected []map[string]any
		Seconds                 float64
	}
	read(&destroyed, "destroy", "--yes")
	require.Len(t, destroyed.Remove, 3)
}

func TestAFailureSaysWhatWhyAndWhatNext(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cloud.Before = func(_ context.Context, _, name string) error {
		if name == "machine-1" {
			return errors.New("quota of 4 cores exceeded")
		}
		return nil
	}

	o := h.run("up", "--yes")

	require.Equal(t, 4, o.code)
	require.Contains(t, o.out, "✗ creating machine machine-1 failed")
	require.Equal(t, `Error: up of stack "dev" failed

  machine machine-1: quota of 4 cores exceeded

Next: what was done is saved: correct the cause, then kafkalink up --simulate --cwd `+h.dir+` continues
`, o.err)

	inJSON := h.run("up", "--yes", "--json")
	require.Equal(t, 4, inJSON.code)
	require.JSONEq(t, `{
		"error": {
			"kind": "resource",
			"what": "up of stack \"dev\" failed",
			"why": "machine machine-1: quota of 4 cores exceeded",
			"next": "what was done is saved: correct the cause, then kafkalink up --simulate --cwd `+h.dir+` continues"
		},
		"exitCode": 4
	}`, inJSON.out)
}
