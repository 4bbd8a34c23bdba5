package automation

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// running is what an operation notes of its CLI, below the project's directory, for as long as that runs. A lock names a
// host and a process, which another host and another process may share; by this note a later operation tells for
// certain that whoever took a lock is no more.
type running struct {
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Process processID `json:"process"`
	Since   time.Time `json:"since"`
	// Driver is the process that started the CLI and runs the program for it.
	Driver driver `json:"driver"`
}

type driver struct {
	PID     int       `json:"pid"`
	Process processID `json:"process"`
}

// processID tells a process from every other that ever was. Where it cannot be told it is empty.
type processID struct {
	Boot      string `json:"boot"`      // of the kernel, another at every boot of every machine
	Namespace string `json:"namespace"` // of process ids, as containers have their own
	Started   string `json:"started"`   // since that boot
}

// notes are the running CLIs of a stack: one file each, named after the process.
type notes struct{ dir string }

func (n notes) path(pid int) string { return filepath.Join(n.dir, fmt.Sprintf("cli-%d.json", pid)) }

// take notes a process that was started. What cannot be noted is only less certain later.
func (n notes) take(pid int) {
	process, err := identify(pid)
	if err != nil {
		return
	}
	own := driver{PID: os.Getpid()}
	if own.Process, err = identify(own.PID); err != nil {
		return
	}
	host, err := os.Hostname()
	if err != nil {
		return
	}
	text, err := json.Marshal(running{Host: host, PID: pid, Process: process, Since: time.Now(), Driver: own})
	if err != nil {
		return
	}
	if makeOwn(n.dir) == nil {
		_ = os.WriteFile(n.path(pid), text, 0o600)
	}
}

// drop forgets a process that has ended in order, and so gave its lock back.
func (n notes) drop(pid int) { _ = os.Remove(n.path(pid)) }

// clear forgets all: nobody holds the stack.
func (n notes) clear() { _ = os.RemoveAll(n.dir) }

// releasing keeps others from releasing the stack's locks, or says errHeld.
func (n notes) releasing() (done func(), err error) {
	if err := makeOwn(n.dir); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(n.dir, "releasing"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// dead tells whether each of the locks was taken by a process that certainly runs no more.
func (n notes) dead(locks []Lock) bool {
	return n.all(locks, func(noted running) bool { return noted.Process.gone(noted.PID) })
}

// orphaned tells whether locks are held, and each by a process that still runs while its driver certainly does not.
func (n notes) orphaned(locks []Lock) bool {
	return !n.dead(locks) && n.all(locks, func(noted running) bool {
		return noted.Process.gone(noted.PID) || noted.Process.runs(noted.PID) && noted.Driver.Process.gone(noted.Driver.PID)
	})
}

// all tells whether something is true of what is noted of each of the locks. It is not where nothing is.
func (n notes) all(locks []Lock, is func(running) bool) bool {
	return len(locks) > 0 && !slices.ContainsFunc(locks, func(l Lock) bool {
		noted, ok := n.of(l)
		return !ok || !is(noted)
	})
}

// of is what is noted of the process that took a lock.
func (n notes) of(l Lock) (noted running, ok bool) {
	text, err := os.ReadFile(n.path(l.PID))
	if err != nil || json.Unmarshal(text, &noted) != nil {
		return running{}, false
	}
	// Locks are taken after the start, and told to the second.
	return noted, noted.PID == l.PID && noted.Host == l.Host && !l.Since.Before(noted.Since.Truncate(time.Second))
}
