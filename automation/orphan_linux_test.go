package automation_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

// TestAnUpEndsAnOrphanThatWaitsForEver holds a stack by a CLI of v3.230 as its driver leaves it that is killed before the
// CLI could tell it of anything: it has the lock, does nothing, and never ends.
func TestAnUpEndsAnOrphanThatWaitsForEver(t *testing.T) {
	t.Parallel()
	h, backend := newHouse(t), t.TempDir()
	login := []string{"PULUMI_BACKEND_URL=file://" + backend, "PULUMI_CONFIG_PASSPHRASE=of the user"}
	run := realRun(backend, login...)
	_, err := h.stack(run).Up(t.Context(), nil)
	require.NoError(t, err)

	orphan := exec.Command(enginetest.Engine(t).Path, "refresh", "--yes", "--skip-preview", "--non-interactive",
		"--stack", "dev", "--event-log", "tcp://127.0.0.1:1", "--cwd", h.dir)
	orphan.Env = append(os.Environ(), append(login, "PULUMI_HOME="+backend, "PULUMI_DEBUG_COMMANDS=true")...)
	since := time.Now()
	require.NoError(t, orphan.Start())
	ended := make(chan error, 1)
	go func() { ended <- orphan.Wait() }()
	t.Cleanup(func() { _ = orphan.Process.Kill() })
	locks := filepath.Join(backend, ".pulumi", "locks", "organization", "house", "dev")
	require.Eventually(t, func() bool {
		held, err := os.ReadDir(locks)
		return err == nil && len(held) > 0
	}, time.Minute, 10*time.Millisecond)
	require.NoError(t, automation.NoteOrphan(filepath.Join(h.dir, ".kafkalink", "running", "dev"), orphan.Process.Pid, since))

	var said []string
	_, err = h.stack(run).Up(t.Context(), func(e automation.Event) {
		if phase, is := e.(*automation.Phase); is {
			said = append(said, phase.Name)
		}
	})

	require.NoError(t, err)
	require.Error(t, <-ended, "it was killed")
	for _, what := range []string{"waiting for ", "ending process ", "releasing the stack"} {
		require.True(t, slices.ContainsFunc(said, func(s string) bool { return len(s) > len(what) && s[:len(what)] == what }), "%q in %q", what, said)
	}
}
