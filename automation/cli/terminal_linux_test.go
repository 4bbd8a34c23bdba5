package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

const (
	asks  = "[y/N]"
	ctrlC = "\x03"
)

// typing is what to type when the screen first shows something.
type typing struct{ when, text string }

// onTerminal runs the command on a terminal that answers no queries, and returns all that it showed.
func onTerminal(t *testing.T, typings []typing, env []string, args ...string) (string, int) {
	t.Helper()
	return onTerminalIn(t, enginetest.Project(t, enginetest.Configuration), typings, env, args...)
}

// onTerminalIn is the same in a project that is there.
func onTerminalIn(t *testing.T, dir string, typings []typing, env []string, args ...string) (string, int) {
	t.Helper()
	keyboard, screen := openTerminal(t)
	command := exec.Command(os.Args[0], append([]string{"--cwd", dir}, args...)...)
	command.Args[0] = "kafkalink"
	command.Env = append(os.Environ(), append(env, "TERM=xterm", "CI=", "KAFKALINK_PULUMI="+enginetest.Engine(t).Path)...)
	command.Stdin, command.Stdout, command.Stderr = screen, screen, screen
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, command.Start())
	require.NoError(t, screen.Close())
	var seen bytes.Buffer
	for buffer := make([]byte, 4096); ; {
		n, err := keyboard.Read(buffer)
		seen.Write(buffer[:n])
		if err != nil { // EIO: the command has ended
			break
		}
		for len(typings) > 0 && strings.Contains(seen.String(), typings[0].when) {
			_, err := keyboard.WriteString(typings[0].text)
			require.NoError(t, err)
			typings = typings[1:]
		}
	}
	_ = command.Wait()
	return strings.ReplaceAll(seen.String(), "\r\n", "\n"), command.ProcessState.ExitCode()
}

func openTerminal(t *testing.T) (keyboard, screen *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = keyboard.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	return keyboard, screen
}

// A query would wait up to five seconds for the answer: see internal/quietterm.
func TestTheTerminalIsNotQueried(t *testing.T) {
	t.Parallel()
	screen, code := onTerminal(t, nil, nil, "validate")

	require.Zero(t, code, screen)
	require.NotContains(t, screen, "\x1b]11;?")
	require.Contains(t, screen, "\x1b[32m✓\x1b[0m house/dev is valid")
}

func TestNoColor(t *testing.T) {
	t.Parallel()
	screen, code := onTerminal(t, nil, []string{"NO_COLOR=1"}, "validate")

	require.Zero(t, code, screen)
	require.NotContains(t, screen, "\x1b")
	require.Contains(t, screen, "✓ house/dev is valid")
}

func TestUpAsksOnATerminal(t *testing.T) {
	t.Parallel()
	t.Run("and deploys on yes, with a spinner", func(t *testing.T) {
		t.Parallel()
		screen, code := onTerminal(t, []typing{{asks, "y\n"}}, nil, "up", "--simulate")

		require.Zero(t, code, screen)
		require.Contains(t, screen, "\r\x1b[K⠋ Deploying (0s)")
		require.Contains(t, screen, "✓\x1b[0m created machine machine-2")
		require.Contains(t, screen, "house/dev is deployed")
	})
	t.Run("and does nothing on anything else", func(t *testing.T) {
		t.Parallel()
		screen, code := onTerminal(t, []typing{{asks, "\n"}}, nil, "up", "--simulate")

		require.Equal(t, 8, code, screen)
		require.Contains(t, screen, "declined: nothing was changed")
		require.NotContains(t, screen, "Deploying")
	})
	t.Run("and Ctrl-C declines", func(t *testing.T) {
		t.Parallel()
		screen, code := onTerminal(t, []typing{{asks, ctrlC}}, nil, "up", "--simulate")

		require.Equal(t, 8, code, screen)
		require.NotContains(t, screen, "Deploying")
	})
}

// A terminal's Ctrl-C goes to the whole foreground process group. That the first one is graceful shows that the
// Pulumi CLI is not in it: the CLI stops at once on a second.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	t.Run("lets what is under way end", func(t *testing.T) {
		t.Parallel()
		screen, code := onTerminal(t, []typing{{"creating machine machine-1", ctrlC}},
			[]string{"CLOUD_WAITS=until interrupted", "NO_COLOR=1"}, "up", "--simulate", "--yes")

		require.Equal(t, 8, code, screen)
		require.Contains(t, screen, "Interrupted: waiting for what is under way")
		require.Contains(t, screen, "✓ created machine machine-1")
		require.Contains(t, screen, `Error: up of stack "dev" was interrupted`)
	})
	t.Run("twice stops at once", func(t *testing.T) {
		t.Parallel()
		screen, code := onTerminal(t, []typing{{"creating machine machine-1", ctrlC}, {"Again to stop at once", ctrlC}},
			[]string{"CLOUD_WAITS=forever", "NO_COLOR=1"}, "up", "--simulate", "--yes")

		require.Equal(t, 8, code, screen)
		require.Contains(t, screen, "Stopping at once")
		require.Contains(t, screen, `Error: up of stack "dev" was stopped at once`)
	})
}

// TestABindThatIsNotAgreedToLeavesTheFile looks at the stack's file byte by byte.
func TestABindThatIsNotAgreedToLeavesTheFile(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"declined": "n\n", "interrupted": ctrlC} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newUnboundHouse(t)
			screen, code := onTerminalIn(t, h.dir, []typing{{asks, answer}}, nil, "bind", "--link", "tidb", "--unique-name", "kpl-1", "--simulate")

			require.Equal(t, 8, code, screen)
			require.Contains(t, screen, "declined: nothing was changed")
			require.NotContains(t, screen, "in the stack's file")
			require.Equal(t, unbound, h.file())
		})
	}
}
