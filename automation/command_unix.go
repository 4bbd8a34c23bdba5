//go:build !windows

package automation

import (
	"os"
	"os/exec"
	"syscall"
)

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// interruptProcess signals the CLI alone: it tells its plugins itself.
func interruptProcess(p *os.Process) error { return p.Signal(os.Interrupt) }

func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }
