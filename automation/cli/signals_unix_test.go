//go:build !windows

package cli_test

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

// deploying is `up` in a process of its own, while it creates machine-1.
type deploying struct {
	t       *testing.T
	dir     string
	command *exec.Cmd
	in      io.Closer
	out     io.ReadCloser
	lines   *bufio.Scanner
	err     bytes.Buffer
}

func deploy(t *testing.T, waits string) *deploying {
	t.Helper()
	d := &deploying{t: t, dir: enginetest.Project(t, enginetest.Configuration)}
	d.command = exec.Command(os.Args[0], "up", "--simulate", "--yes", "--cwd", d.dir)
	d.command.Args[0] = "kafkalink"
	d.command.Env = append(os.Environ(), "CLOUD_WAITS="+waits, "KAFKALINK_PULUMI="+enginetest.Engine(t).Path)
	d.command.Stderr = &d.err
	var err error
	d.in, err = d.command.StdinPipe()
	require.NoError(t, err)
	d.out, err = d.command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, d.command.Start())
	d.lines = bufio.NewScanner(d.out)
	for d.lines.Scan() {
		if strings.Contains(d.lines.Text(), "creating machine machine-1") {
			return d
		}
	}
	require.Fail(t, "it ended", d.err.String())
	return nil
}

func (d *deploying) state() string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(d.dir, ".kafkalink/simulated/dev/state/.pulumi/stacks/house/dev.json"))
	require.NoError(d.t, err)
	return string(text)
}

func TestAHangUpInterrupts(t *testing.T) {
	t.Parallel()
	// Where hang-ups are ignored, as under nohup, a process started from here would ignore them too: one that is
	// listened to here is not.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	d := deploy(t, "until interrupted")

	require.NoError(t, d.command.Process.Signal(syscall.SIGHUP))
	for d.lines.Scan() { // to its end
	}
	_ = d.command.Wait()

	require.Equal(t, 8, d.command.ProcessState.ExitCode(), d.err.String())
	require.Contains(t, d.err.String(), `up of stack "dev" was interrupted`)
	require.Contains(t, d.state(), "::machine-1\"")
}

// As in `kafkalink up --yes | head`.
func TestAReaderThatIsGoneDoesNotStopTheOperation(t *testing.T) {
	t.Parallel()
	d := deploy(t, "until the input ends")

	require.NoError(t, d.out.Close())
	require.NoError(t, d.in.Close())
	_ = d.command.Wait()

	require.Zero(t, d.command.ProcessState.ExitCode(), "%v\n%s", d.command.ProcessState, d.err.String())
	require.Contains(t, d.state(), "::service\"")
}
