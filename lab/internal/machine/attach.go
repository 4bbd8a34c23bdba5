//go:build linux

package machine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// How long a host may take to make or remove device nodes.
const plugTimeout = 30 * time.Second

// Attach gives the host a disk, at these paths; while it runs, at once. A disk that it has already gets these paths.
func (h *Host) Attach(d *Disk, paths []string) error {
	h.change.Lock()
	defer h.change.Unlock()
	h.mu.Lock()
	before := slices.Clone(h.disks)
	h.mu.Unlock()
	if err := h.take(Attachment{Disk: d, Paths: paths}); err != nil {
		return err
	}
	if err := h.plug(); err != nil {
		if !slices.ContainsFunc(before, func(a Attachment) bool { return a.Disk == d }) {
			d.release(h)
		}
		h.mu.Lock()
		h.disks = before
		h.mu.Unlock()
		return fmt.Errorf("attach disk %s to host %s: %w", d.file, h.spec.Name, err)
	}
	return nil
}

// Detach takes a disk away. From a host that has it mounted it is torn off, as Azure does: whoever reads or writes
// there gets errors from then on. It fails if somebody holds on to files there all the same.
func (h *Host) Detach(d *Disk) error {
	h.change.Lock()
	defer h.change.Unlock()
	h.mu.Lock()
	i := slices.IndexFunc(h.disks, func(a Attachment) bool { return a.Disk == d })
	h.mu.Unlock()
	if i < 0 {
		return fmt.Errorf("disk %s is not attached to host %s", d.file, h.spec.Name)
	}
	if err := h.tear(d); err != nil {
		return fmt.Errorf("tear disk %s off host %s: %w", d.file, h.spec.Name, err)
	}
	h.mu.Lock()
	before := h.disks
	h.disks = slices.Delete(slices.Clone(before), i, i+1)
	h.mu.Unlock()
	if err := h.plug(); err != nil {
		h.mu.Lock()
		h.disks = before
		h.mu.Unlock()
		return fmt.Errorf("detach disk %s from host %s: %w", d.file, h.spec.Name, err)
	}
	d.release(h)
	return nil
}

// take notes an attachment, for the next boot or for plug.
func (h *Host) take(a Attachment) error {
	for _, path := range a.Paths {
		if !devicePath.MatchString(path) || strings.Contains(path, "..") {
			return fmt.Errorf("attach a disk at %q: want a path under /dev", path)
		}
	}
	d := a.Disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.loop == nil {
		return fmt.Errorf("attach disk %s to host %s: the disk is closed", d.file, h.spec.Name)
	}
	if d.host != nil && d.host != h {
		return fmt.Errorf("attach disk %s to host %s: host %s has it", d.file, h.spec.Name, d.host.spec.Name)
	}
	d.host = h
	h.mu.Lock()
	defer h.mu.Unlock()
	// Never in place: Kill reads it without the lock for changes.
	h.disks = slices.DeleteFunc(slices.Clone(h.disks), func(b Attachment) bool { return b.Disk == d })
	h.disks = append(h.disks, a)
	return nil
}

func (d *Disk) release(h *Host) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.host == h {
		d.host = nil
	}
}

// releaseAll lets go of every disk of a host that is down.
func (h *Host) releaseAll() error {
	if h.Running() {
		return fmt.Errorf("host %s still runs and keeps its disks", h.spec.Name)
	}
	h.mu.Lock()
	disks := h.disks
	h.disks = nil
	h.mu.Unlock()
	for _, a := range disks {
		a.Disk.release(h)
	}
	return nil
}

// diskTable tells the host's hardware script of its disks.
func (h *Host) diskTable() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var table strings.Builder
	for _, a := range h.disks {
		fmt.Fprintf(&table, "loop%d %d %d %s\n", a.Disk.number, loopMajor, a.Disk.number, strings.Join(a.Paths, " "))
	}
	return table.String()
}

// plug makes a running host's devices those that are attached. A host that is down learns of them when it boots.
func (h *Host) plug() error {
	leader := h.Leader()
	if leader == 0 {
		return nil
	}
	if err := os.WriteFile(inHost(leader, told+"/disks"), []byte(h.diskTable()), 0o644); err != nil {
		if !h.Running() {
			return nil
		}
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), plugTimeout)
	defer cancel()
	result, err := h.Exec(ctx, hardware)
	if errors.Is(err, ErrDown) {
		return nil
	}
	if err != nil {
		return err
	}
	if result.ExitCode != 0 {
		return fmt.Errorf("%s: exit code %d: %s", hardware, result.ExitCode, strings.TrimSpace(result.Stderr))
	}
	return nil
}

// inHost is where this machine sees a host's file. No part of the name may be an absolute link.
func inHost(leader int, name string) string { return fmt.Sprintf("/proc/%d/root%s", leader, name) }
