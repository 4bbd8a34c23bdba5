//go:build linux

package machine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrDown says that a host does not run, or stopped before it had answered.
var ErrDown = errors.New("the host is down")

// In a host's directory.
const (
	upper      = "upper" // what differs from the image: the system disk
	work       = "work"  // the overlay's own
	consoleLog = "console.log"
)

// Host is a booted machine. Its methods may be called from several goroutines.
type Host struct {
	spec Spec
	// change is held by what changes the host. Kill is the exception: power can go at any time.
	change sync.Mutex
	mu     sync.Mutex // guards what follows
	run    *run       // the present one, or the last; nil before the first
	disks  []Attachment
}

// Boot starts a host and returns when its systemd answers; cloud-init then still runs. An error carries the end of the
// console's log. After one nothing of the host runs, its disks are free, and only Dir is left.
func Boot(ctx context.Context, spec Spec) (*Host, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	h := &Host{spec: spec}
	h.change.Lock()
	defer h.change.Unlock()
	for _, a := range spec.Disks {
		if err := h.take(a); err != nil {
			return nil, errors.Join(err, h.releaseAll())
		}
	}
	if err := h.boot(ctx); err != nil {
		return nil, errors.Join(err, h.Kill(), h.releaseAll())
	}
	return h, nil
}

// boot gives power to a host that is down. The host is locked for changes.
func (h *Host) boot(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	for _, dir := range []string{upper, work} {
		if err := os.MkdirAll(filepath.Join(h.spec.Dir, dir), 0o755); err != nil {
			return fmt.Errorf("make the system disk of host %s: %w", h.spec.Name, err)
		}
	}
	// The root directory of the host has the mode of this one, whatever this process's umask.
	if err := os.Chmod(filepath.Join(h.spec.Dir, upper), 0o755); err != nil {
		return err
	}
	if err := seed(h.spec, h.diskTable()); err != nil {
		return fmt.Errorf("write the instance data of host %s: %w", h.spec.Name, err)
	}
	r, err := powerOn(h.spec)
	if err != nil {
		return fmt.Errorf("start host %s: %w", h.spec.Name, err)
	}
	h.mu.Lock()
	h.run = r
	h.mu.Unlock()
	if err := r.answers(ctx); err != nil {
		// Killed first, so that the console has all of it.
		err = errors.Join(err, h.Kill())
		return fmt.Errorf("boot host %s: %w\nIts console's last lines:\n%s", h.spec.Name, err, h.Console())
	}
	return nil
}

// Restart takes the power away and boots the same system disk again, with the disks that are attached now.
func (h *Host) Restart(ctx context.Context) error {
	h.change.Lock()
	defer h.change.Unlock()
	if err := h.Kill(); err != nil {
		return err
	}
	return h.boot(ctx)
}

// shutdownLimit is how long a host's own system may take to end.
const shutdownLimit = 5 * time.Minute

// Shutdown has the host's own system end, as its power button does, and takes the power away when it has, or takes too long.
// Disks stay attached, for Restart. It does nothing to a host that is down.
func (h *Host) Shutdown(ctx context.Context) error {
	h.change.Lock()
	defer h.change.Unlock()
	down := h.Down()
	ctx, cancel := context.WithTimeout(ctx, shutdownLimit)
	defer cancel()
	if _, err := h.Exec(ctx, "systemctl", "poweroff"); err == nil {
		select {
		case <-down:
		case <-ctx.Done():
		}
	}
	return h.Kill()
}

// Mounted says whether the host has a disk mounted.
func (h *Host) Mounted(d *Disk) bool {
	leader := h.Leader()
	if leader == 0 {
		return false
	}
	points, err := mountsOf(leader, fmt.Sprintf("%d:%d", loopMajor, d.number))
	return err == nil && len(points) > 0
}

// Kill takes the power away: every process of the host ends at once, and when Kill returns its mounts are gone too.
// Disks stay attached, for Restart. It does nothing to a host that is down.
func (h *Host) Kill() error {
	h.mu.Lock()
	r, disks := h.run, append([]Attachment(nil), h.disks...)
	h.mu.Unlock()
	if r == nil {
		return nil
	}
	err := r.kill()
	for _, a := range disks {
		err = errors.Join(err, a.Disk.waitUnused())
	}
	if err != nil {
		return fmt.Errorf("take the power from host %s: %w", h.spec.Name, err)
	}
	return nil
}

// Destroy kills the host, lets go of its disks and removes its system disk. It may be called twice.
func (h *Host) Destroy() error {
	h.change.Lock()
	defer h.change.Unlock()
	if err := h.Kill(); err != nil {
		return err
	}
	err := errors.Join(h.releaseAll(), os.RemoveAll(h.spec.Dir))
	if err != nil {
		return fmt.Errorf("destroy host %s: %w", h.spec.Name, err)
	}
	return nil
}

// Running says whether the host has power.
func (h *Host) Running() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.run != nil && h.run.running()
}

// Down is closed when the host's present run ends, whoever ends it.
func (h *Host) Down() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.run == nil {
		closed := make(chan struct{})
		close(closed)
		return closed
	}
	return h.run.done
}

// Leader is the process id, as seen from this machine, of the host's first process; 0 when there is none. A host that
// restarts itself gets another.
func (h *Host) Leader() int {
	h.mu.Lock()
	r := h.run
	h.mu.Unlock()
	if r == nil {
		return 0
	}
	return r.leader()
}

// Console is the end, 8 KiB at most, of what the host wrote to its console, over all its runs.
func (h *Host) Console() string {
	text, err := readTail(filepath.Join(h.spec.Dir, consoleLog), 8<<10)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err.Error()
	}
	return text
}
