package automation

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// errHeld says that another operation has the lock.
var errHeld = errors.New("the lock is held")

// lockSimulated keeps others off the simulated cloud during an operation: each would save its own over the other's. The
// lock ends with the process that holds it, however that ends.
func (s *Stack) lockSimulated(operation string) (unlock func(), err error) {
	place := s.simulated()
	if err := makeOwn(place.dir); err != nil {
		return nil, s.noRoom(err)
	}
	file, err := os.OpenFile(place.lock(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, s.noRoom(err)
	}
	err = lockFile(file)
	if err == nil {
		if err = writeHolder(file); err == nil {
			return func() { unlockFile(file) }, nil
		}
	}
	_ = file.Close()
	if !errors.Is(err, errHeld) {
		return nil, s.noRoom(err)
	}
	return nil, &Error{
		Kind: KindLocked, Err: err,
		What: fmt.Sprintf("%s of simulated stack %q cannot begin", operation, s.Identity.Stack),
		Why:  holder(place.lock()) + " is working on " + s.SimulatedDir(),
		Next: "wait for it to end, or stop it",
	}
}

func writeHolder(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return err
}

func holder(path string) string {
	text, _ := os.ReadFile(path)
	pid := strings.TrimSpace(string(text))
	if pid == "" {
		return "another process"
	}
	return "process " + pid
}
