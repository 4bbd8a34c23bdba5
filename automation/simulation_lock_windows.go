package automation

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile locks until the file is closed, or says errHeld. Nobody else can read what is locked on Windows: it is a byte
// far behind the holder's id.
func lockFile(file *os.File) error {
	err := windows.LockFileEx(windows.Handle(file.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errHeld
	}
	return err
}

// unlockFile closes the file, too.
func unlockFile(file *os.File) { _ = file.Close() }
