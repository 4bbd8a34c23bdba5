//go:build !windows

package automation

import (
	"errors"
	"os"
	"syscall"
)

// lockFile locks until the file is closed, or says errHeld.
func lockFile(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errHeld
	}
	return err
}
