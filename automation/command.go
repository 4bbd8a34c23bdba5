package automation

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"slices"
	"time"

	"github.com/blang/semver"
)

// command runs the Pulumi CLI for the Automation API. It differs from the API's own in three ways: the CLI is
// an exact path with an exact environment; it runs in a process group of its own, so that a terminal's Ctrl-C does
// not reach it past us (Pulumi takes a second signal for "stop now"); and an interrupt and a kill are two things.
type command struct {
	engine *Engine
	env    []string
	// interrupt, when closed, sends one SIGINT: the CLI ends what is under way and saves the state.
	interrupt <-chan struct{}
	// kill, when closed, ends the whole process group.
	kill <-chan struct{}
	// previewsOnly turns an up or a refresh into the preview of it.
	previewsOnly bool
	// started and ended, where set, are told of each process, and of its end if it ended by itself.
	started, ended func(pid int)
	// killed tells that the group was killed.
	killed bool
	// last is how the last process ended: the API's errors hold it only as text.
	last struct {
		code   int
		stderr string
	}
}

// orphanDelay is how long output is still read when the CLI has ended but a process it started holds its streams.
const orphanDelay = 10 * time.Second

func (c *command) Version() semver.Version { return c.engine.Version }

func (c *command) Run(_ context.Context, dir string, stdin io.Reader, moreOut, moreErr []io.Writer, moreEnv []string,
	args ...string,
) (string, string, int, error) {
	if len(args) >= 2 && args[0] == "stack" && args[1] == "history" {
		// Stack.Up and Stack.Destroy ask for it to fill a summary that is not used here.
		return "[]", "", 0, nil
	}
	select {
	case <-c.interrupt:
		// A CLI that has just started would not end in order: it does not listen to signals yet.
		return "", "", -1, context.Canceled
	default:
	}
	if c.previewsOnly {
		args = asPreview(args)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(c.engine.Path, append([]string{"--non-interactive"}, args...)...)
	cmd.Dir = dir
	cmd.Env = slices.Concat(c.env, moreEnv, []string{"PULUMI_AUTOMATION_API=true"})
	cmd.Stdin = stdin
	cmd.Stdout = io.MultiWriter(append(moreOut, &stdout)...)
	cmd.Stderr = io.MultiWriter(append(moreErr, &stderr)...)
	cmd.WaitDelay = orphanDelay
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return "", "", -1, &Error{
			Kind: KindEngine, Err: err,
			What: "the Pulumi CLI does not start",
			Why:  err.Error(),
			Next: "check that " + c.engine.Path + " can be executed",
		}
	}
	if c.started != nil {
		c.started(cmd.Process.Pid)
	}
	err := c.wait(cmd)
	if c.ended != nil && cmd.ProcessState.Exited() {
		c.ended(cmd.Process.Pid)
	}
	c.last.code, c.last.stderr = cmd.ProcessState.ExitCode(), stderr.String()
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), err
}

// asPreview has the arguments that preview an up or a refresh: they share all but these with it.
func asPreview(args []string) []string {
	preview := slices.DeleteFunc(slices.Clone(args[1:]), func(arg string) bool {
		return arg == "--yes" || arg == "--skip-preview"
	})
	switch args[0] {
	case "up":
		return append([]string{"preview"}, preview...)
	case "refresh":
		return append([]string{"refresh", "--preview-only"}, preview...)
	}
	return args
}

func (c *command) wait(cmd *exec.Cmd) error {
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	interrupt, kill := c.interrupt, c.kill
	for {
		select {
		case err := <-ended:
			if errors.Is(err, exec.ErrWaitDelay) {
				err = nil
			}
			return err
		case <-interrupt:
			interrupt = nil
			_ = interruptProcess(cmd.Process)
		case <-kill:
			kill = nil
			c.killed = true
			_ = killGroup(cmd.Process)
		}
	}
}
