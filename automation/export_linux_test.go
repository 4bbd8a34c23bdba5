package automation

import (
	"encoding/json"
	"os"
	"os/exec"
	"time"
)

// NoteOrphan notes a process below a directory as the CLI of a driver that was killed.
func NoteOrphan(dir string, pid int, since time.Time) error {
	n := notes{dir}
	parent := exec.Command("sleep", "1000")
	if err := parent.Start(); err != nil {
		return err
	}
	above, err := identify(parent.Process.Pid)
	if err != nil {
		return err
	}
	_ = parent.Process.Kill()
	_ = parent.Wait()
	own, err := identify(pid)
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	text, err := json.Marshal(running{Host: host, PID: pid, Process: own, Since: since, Driver: driver{parent.Process.Pid, above}})
	if err != nil {
		return err
	}
	if err := makeOwn(dir); err != nil {
		return err
	}
	return os.WriteFile(n.path(pid), text, 0o600)
}
