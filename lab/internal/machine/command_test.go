//go:build linux

package machine

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCommandsRunAsTheCloudsAgentRunsThem(t *testing.T) {
	t.Parallel()
	h := boot(t, spec(t, noUserData))
	for name, c := range map[string]struct {
		script     string
		parameters map[string]string
		want       Result
	}{
		"with an interpreter of its own": {
			script:     "#!/usr/bin/env bash\nset -euo pipefail\nx=(a b)\necho \"${x[1]} $ONE\"\nprintf 'to stderr %s' \"$TWO\" >&2\nexit 7\n",
			parameters: map[string]string{"ONE": "it's $HOME %n", "TWO": "two\nlines"},
			want:       Result{ExitCode: 7, Stdout: "b it's $HOME %n\n", Stderr: "to stderr two\nlines"},
		},
		"without":                 {script: "id -un\npwd | cut -d/ -f1-4\ncat", want: Result{Stdout: "root\n/var/lib/waagent\n"}},
		"that ends by a signal":   {script: "echo before\nkill -9 $$", want: Result{ExitCode: 137, Stdout: "before\n", Stderr: "Killed\n"}},
		"that cannot be run":      {script: "#!/no/such/interpreter\n", want: Result{ExitCode: 127}},
		"as a unit of its own":    {script: "sed -n 's,.*/\\(run-command\\)-.*,\\1,p' /proc/self/cgroup | sort -u", want: Result{Stdout: "run-command\n"}},
		"a payload of some size":  {script: "#!/bin/sh\n# " + strings.Repeat("x", 60_000) + "\necho done\n", want: Result{Stdout: "done\n"}},
		"that leaves a daemon":    {script: "sleep 1000 >/dev/null 2>&1 &\necho $! >/run/daemon\n"},
		"with a pipe that breaks": {script: "yes | head -n 1; echo end", want: Result{Stdout: "y\nend\n"}},
		"that needs an empty one": {script: "", want: Result{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := h.Command(t.Context(), c.script, c.parameters)
			require.NoError(t, err)
			if c.want.ExitCode >= 126 {
				got.Stderr, c.want.Stderr = "", "" // the shell's words
			}
			require.Equal(t, c.want, got)
		})
	}
	must(t, h, "kill $(cat /run/daemon)")
	must(t, h, "systemctl is-system-running --wait")
	eventually(t, "no unit is left", func() bool {
		return must(t, h, "systemctl list-units --all --plain --no-legend 'run-command-*'") == ""
	})
}

func TestACommandOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	h := boot(t, spec(t, noUserData))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := h.Command(ctx, "touch /run/begun\nuntil [ -e /run/released ]; do sleep 0.02; done\ntouch /run/ended\n", nil)
		ended <- err
	}()
	must(t, h, "until [ -e /run/begun ]; do sleep 0.02; done")
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	must(t, h, "test ! -e /run/ended")
	must(t, h, "touch /run/released")
	must(t, h, "until [ -e /run/ended ]; do sleep 0.02; done")
}

func TestACommandOfAHostThatGoesDownEnds(t *testing.T) {
	t.Parallel()
	h := boot(t, spec(t, noUserData))
	ended := make(chan error, 1)
	go func() {
		_, err := h.Command(t.Context(), "touch /run/begun\nsleep 1000\n", nil)
		ended <- err
	}()
	must(t, h, "until [ -e /run/begun ]; do sleep 0.02; done")
	require.NoError(t, h.Kill())
	require.ErrorIs(t, <-ended, ErrDown)
	_, err := h.Command(t.Context(), "true", nil)
	require.ErrorIs(t, err, ErrDown)
}

func TestExecEndsWithItsContext(t *testing.T) {
	t.Parallel()
	h := boot(t, spec(t, noUserData))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := h.Exec(ctx, "bash", "-c", "echo $$ >/run/pid.partial; mv /run/pid.partial /run/pid; sleep 1000; true")
		ended <- err
	}()
	must(t, h, "until [ -e /run/pid ]; do sleep 0.02; done")
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	must(t, h, "while kill -0 $(cat /run/pid) 2>/dev/null; do sleep 0.02; done")

	r, err := h.Exec(t.Context(), "bash", "-c", "echo out; echo err >&2; exit 3")
	require.NoError(t, err)
	require.Equal(t, Result{ExitCode: 3, Stdout: "out\n", Stderr: "err\n"}, r)
}
