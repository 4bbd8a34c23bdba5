//go:build !windows

package automation

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestALockEndsAlthoughAProcessIsBeingStarted has a second descriptor of the file, as a child has until it runs its program.
func TestALockEndsAlthoughAProcessIsBeingStarted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		require.NoError(t, err)
		return file
	}
	first, second := open(), open()
	require.NoError(t, lockFile(first))
	require.ErrorIs(t, lockFile(second), errHeld)
	child, err := syscall.Dup(int(first.Fd()))
	require.NoError(t, err)
	defer func() { require.NoError(t, syscall.Close(child)) }()

	unlockFile(first)
	require.NoError(t, lockFile(second))
	unlockFile(second)
}
