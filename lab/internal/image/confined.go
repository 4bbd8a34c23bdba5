//go:build linux

package image

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// confined runs a program in process and mount namespaces of its own: when ctx or this process ends, so does everything
// it started, and its mounts are gone. An error has the end of what it said.
func confined(ctx context.Context, dir, program string, arguments ...string) error {
	const inside = `mount -n --make-rprivate / && mount -n -t proc proc /proc && "$@"; exit $?`
	command := exec.CommandContext(ctx, "sh", append([]string{"-c", inside, "sh", program}, arguments...)...)
	command.Dir = dir
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	// The death of a parent is that of the thread that forked.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%s: %w\n%s", program, err, tail(said.String(), 4000))
	}
	return nil
}

func tail(text string, length int) string {
	text = strings.TrimSpace(text)
	if len(text) > length {
		text = "…" + strings.ToValidUTF8(text[len(text)-length:], "")
	}
	return text
}
