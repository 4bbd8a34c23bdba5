//go:build !windows

package automation

import (
	"errors"
	"os"
	"syscall"
)

// lockFile locks until unlockFile, or says errHeld.
func lockFile(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errHeld
	}
	return err
}

// unlockFile closes the file, too. Closing alone would leave the lock to a process that is being started at this moment, until it
// runs its own program.
func unlockFile(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) // what is closed next
	_ = file.Close()
}
