package automation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

func identify(pid int) (processID, error) {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return processID{}, err
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return processID{}, err
	}
	started, err := startOf(pid)
	return processID{Boot: strings.TrimSpace(string(boot)), Namespace: namespace, Started: started}, err
}

// startOf is when a process started, in clock ticks since boot: "" once it has ended.
func startOf(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	// The second field is the command's name in parentheses, which may hold anything.
	_, rest, found := cutLast(string(text), ") ")
	fields := strings.Fields(rest)
	if !found || len(fields) < 20 {
		return "", fmt.Errorf("/proc/%d/stat is not as proc(5) says", pid)
	}
	if fields[0] == "Z" {
		return "", nil
	}
	return fields[19], nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// gone tells for certain that the process, which had this id, runs no more: on the same boot of the same kernel, among
// the same processes, there is none of that id, or another.
func (p processID) gone(pid int) bool {
	now, err := identify(pid)
	return p.Started != "" && err == nil && now.Boot == p.Boot && now.Namespace == p.Namespace && now.Started != p.Started
}
