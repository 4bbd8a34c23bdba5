//go:build linux

package machine

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Under every hierarchy: a group per host that runs, named after the host's directory.
const groupsParent = "kafkalink-lab"

// hierarchies are those that systemd keeps its units in: one of version 2, or its own of version 1, or both.
func hierarchies() []string {
	var found []string
	for _, path := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"} {
		var is unix.Statfs_t
		if err := unix.Statfs(path, &is); err != nil {
			continue
		}
		switch is.Type {
		case unix.CGROUP2_SUPER_MAGIC, unix.CGROUP_SUPER_MAGIC:
			found = append(found, path)
		}
	}
	return found
}

// makeGroups makes a host's control groups.
func makeGroups(dir string) ([]string, error) {
	var groups []string
	for _, hierarchy := range hierarchies() {
		group := filepath.Join(hierarchy, groupsParent, url.PathEscape(dir))
		if err := makeGroup(group); err != nil {
			return nil, errors.Join(fmt.Errorf("make a control group: %w", err), removeGroups(groups))
		}
		groups = append(groups, group)
	}
	return groups, nil
}

func makeGroup(group string) error {
	for {
		err := os.MkdirAll(group, 0o755)
		// Another host's end may have removed the parent in between.
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
}

// removeGroups removes control groups without processes, and their parent after the last.
func removeGroups(groups []string) error {
	var failed []error
	for _, group := range groups {
		failed = append(failed, removeGroup(group))
		_ = os.Remove(filepath.Dir(group)) // other hosts may have theirs there
	}
	return errors.Join(failed...)
}

func removeGroup(group string) error {
	entries, err := os.ReadDir(group)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() {
			if err := removeGroup(filepath.Join(group, entry.Name())); err != nil {
				return err
			}
		}
	}
	// A process that has ended may still count for a moment.
	err = within(5*time.Second, func() error { return ignoreGone(os.Remove(group)) })
	if err != nil {
		return fmt.Errorf("remove a control group: %w", err)
	}
	return nil
}

// groupsUnder are the control groups of hosts whose directories are dir or in it.
func groupsUnder(dir string) ([]string, error) {
	var found []string
	for _, hierarchy := range hierarchies() {
		parent := filepath.Join(hierarchy, groupsParent)
		entries, err := os.ReadDir(parent)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			of, err := url.PathUnescape(entry.Name())
			if err == nil && entry.IsDir() && isUnder(of, dir) {
				found = append(found, filepath.Join(parent, entry.Name()))
			}
		}
	}
	return found, nil
}

// emptyGroup kills every process in a control group and below.
func emptyGroup(group string) error {
	return within(30*time.Second, func() error {
		var left int
		err := filepath.WalkDir(group, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.Name() != "cgroup.procs" {
				return ignoreGone(err)
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return ignoreGone(err)
			}
			for _, field := range strings.Fields(string(content)) {
				// Others see 0 for processes that are not in their namespace.
				if process, err := strconv.Atoi(field); err == nil && process > 1 {
					left++
					_ = unix.Kill(process, unix.SIGKILL) // it may have ended by itself
				}
			}
			return nil
		})
		if err == nil && left > 0 {
			err = fmt.Errorf("%d processes in %s do not end", left, group)
		}
		return err
	})
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENODEV) {
		return nil
	}
	return err
}

// within tries something again and again, for a time; the last error is the answer.
func within(limit time.Duration, try func() error) error {
	deadline := time.Now().Add(limit)
	for {
		err := try()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// isUnder says whether path is dir or in it. Both are absolute and clean.
func isUnder(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/")
}
