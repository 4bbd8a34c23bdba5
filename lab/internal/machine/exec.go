//go:build linux

package machine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Result is how a program on a host ended.
type Result struct {
	ExitCode       int
	Stdout, Stderr string
}

// Exec runs a program inside the host, for checks and drills; it ends with ctx. An exit code other than 0 is no error,
// and 128 and a signal's number stand for an end by that signal.
func (h *Host) Exec(ctx context.Context, args ...string) (Result, error) {
	leader := h.Leader()
	if leader == 0 {
		return Result{}, fmt.Errorf("host %s: %w", h.spec.Name, ErrDown)
	}
	command := exec.CommandContext(ctx, "nsenter",
		append([]string{"--all", "--target", strconv.Itoa(leader), "--"}, args...)...)
	command.Env = []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root", "LANG=C.UTF-8",
	}
	// The program is nsenter's child: both are killed, by their group.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	// What a program leaves running in the background holds its output open.
	command.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	result := Result{ExitCode: -1, Stdout: stdout.String(), Stderr: stderr.String()}
	if ctx.Err() != nil {
		return result, context.Cause(ctx)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return result, h.downOr(leader, fmt.Errorf("run %s on host %s: %w", args[0], h.spec.Name, err))
	}
	if status, ok := command.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		result.ExitCode = 128 + int(status.Signal())
		return result, h.downOr(leader, nil)
	}
	result.ExitCode = command.ProcessState.ExitCode()
	return result, nil
}

// A host that goes down loses its processes one after the other.
const downGrace = 2 * time.Second

// downOr is ErrDown where the host has lost its first process, or loses it in a moment, and err otherwise.
func (h *Host) downOr(leader int, err error) error {
	up := within(downGrace, func() error {
		if h.Leader() == leader {
			return errors.New("it is up")
		}
		return nil
	})
	if up != nil {
		return err
	}
	return fmt.Errorf("host %s: %w", h.spec.Name, ErrDown)
}

// CloudInit is what `cloud-init status --long` says on the host, or why it says nothing.
func (h *Host) CloudInit(ctx context.Context) string {
	result, err := h.Exec(ctx, "cloud-init", "status", "--long")
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(result.Stdout + result.Stderr)
}

// readTail is the end of a text file, at most so many bytes.
func readTail(path string, limit int64) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if info.Size() > limit {
		if _, err := file.Seek(-limit, io.SeekEnd); err != nil {
			return "", err
		}
	}
	content, err := io.ReadAll(io.LimitReader(file, limit))
	return strings.ToValidUTF8(string(content), ""), err
}
