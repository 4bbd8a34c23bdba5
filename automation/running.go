package automation

import (
	"encoding/json"
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
	host, err := os.Hostname()
	if err != nil {
		return
	}
	text, err := json.Marshal(running{Host: host, PID: pid, Process: process, Since: time.Now()})
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

// dead tells whether each of the locks was taken by a process that certainly runs no more.
func (n notes) dead(locks []Lock) bool {
	return len(locks) > 0 && !slices.ContainsFunc(locks, func(l Lock) bool {
		text, err := os.ReadFile(n.path(l.PID))
		if err != nil {
			return true
		}
		var noted running
		if json.Unmarshal(text, &noted) != nil || noted.PID != l.PID || noted.Host != l.Host {
			return true
		}
		// Locks are taken after the start, and told to the second.
		return l.Since.Before(noted.Since.Truncate(time.Second)) || !noted.Process.gone(l.PID)
	})
}
