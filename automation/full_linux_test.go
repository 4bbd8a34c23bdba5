package automation_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

// A backend on a file system of its own, that is filled to the last block and then made read-only. It takes root, as the
// tests of this repository do.
func TestWhereTheStateCannotBeKept(t *testing.T) {
	t.Parallel()
	backend, home := t.TempDir(), t.TempDir()
	require.NoError(t, unix.Mount("tmpfs", backend, "tmpfs", 0, "size=4m"))
	t.Cleanup(func() { require.NoError(t, unix.Unmount(backend, unix.MNT_DETACH)) })
	h, run := newHouse(t), realRun(home, "PULUMI_BACKEND_URL=file://"+backend, "PULUMI_CONFIG_PASSPHRASE=of the user")
	up := func() error { _, err := h.stack(run).Up(t.Context(), nil); return err }
	require.NoError(t, up())
	state := filepath.Join(backend, ".pulumi", "stacks", "house", "dev.json")

	fill(t, filepath.Join(backend, "fill"))
	known := failure(t, automation.KindState, up())
	require.Contains(t, known.Why, "0 KiB are free")
	// The CLI itself, which does not look before, leaves a lock that is cut off.
	refresh := exec.Command(enginetest.Engine(t).Path, "refresh", "--yes", "--non-interactive", "--stack", "dev")
	refresh.Dir = h.dir
	refresh.Env = []string{"HOME=" + home, "PULUMI_HOME=" + home, "PULUMI_BACKEND_URL=file://" + backend, "PULUMI_CONFIG_PASSPHRASE=of the user"}
	out, err := refresh.CombinedOutput()
	require.Error(t, err, string(out))
	require.NoError(t, os.Remove(filepath.Join(backend, "fill")))
	require.NoError(t, up(), "the lock that was cut off is nobody's")

	before, err := os.ReadFile(state)
	require.NoError(t, err)
	require.NoError(t, unix.Mount("", backend, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	known = failure(t, automation.KindState, up())
	require.Contains(t, known.Why, "read-only file system")
	after, err := os.ReadFile(state)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	require.NoError(t, err)
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	require.True(t, errors.Is(err, unix.ENOSPC), err)
	require.NoError(t, file.Close())
}
