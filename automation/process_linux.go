package automation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	fields, err := stat(pid)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if fields[0] == "Z" {
		return "", nil
	}
	return fields[19], nil
}

// stat are the fields of /proc/PID/stat from the third on, at least twenty of them.
func stat(pid int) ([]string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	// The second field is the command's name in parentheses, which may hold anything.
	const closing = ") "
	name := strings.LastIndex(string(text), closing)
	if name < 0 {
		return nil, fmt.Errorf("/proc/%d/stat is not as proc(5) says", pid)
	}
	fields := strings.Fields(string(text[name+len(closing):]))
	if len(fields) < 20 {
		return nil, fmt.Errorf("/proc/%d/stat is not as proc(5) says", pid)
	}
	return fields, nil
}

// gone tells for certain that the process, which had this id, runs no more: on the same boot of the same kernel, among
// the same processes, there is none of that id. Another of that id may have taken what this one had.
func (p processID) gone(pid int) bool {
	now, err := identify(pid)
	return p.Started != "" && err == nil && now.Boot == p.Boot && now.Namespace == p.Namespace && now.Started == ""
}

// runs tells whether the process that has this id is this one.
func (p processID) runs(pid int) bool {
	now, err := identify(pid)
	return err == nil && p.Started != "" && now == p
}

// idle tells what a process has done so far, to be compared with what it has done later, and whether it could do something
// by processes of its own.
func idle(pid int) (done string, alone bool) {
	fields, err := stat(pid)
	if err != nil {
		return "", false
	}
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if err != nil || len(children) > 0 {
			return "", false
		}
	}
	return fields[11] + " " + fields[12], err == nil && len(lists) > 0
}

// end ends a process at once, if it is the one that was noted.
func (p processID) end(pid int) error {
	process, err := os.FindProcess(pid) // holds on to it, where the kernel can
	if err != nil {
		return err
	}
	if !p.runs(pid) {
		return process.Release()
	}
	return process.Kill()
}
