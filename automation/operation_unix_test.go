//go:build !windows

package automation

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

// script is a Pulumi CLI that writes what it is called with into a file, and then does as the script says.
func script(t *testing.T, text string) (engine *Engine, called func() string) {
	t.Helper()
	dir := t.TempDir()
	path, log := filepath.Join(dir, "pulumi"), filepath.Join(dir, "called")
	text = "#!/bin/sh\necho \"$@\" >> '" + log + "'\n" + text + "\n"
	require.NoError(t, os.WriteFile(path, []byte(text), 0o700))
	return &Engine{Path: path, Version: semver.MustParse("3.300.0")}, func() string {
		text, _ := os.ReadFile(log) // there is none before it is called
		return string(text)
	}
}

func moonStack(t *testing.T, options Options) *Stack {
	t.Helper()
	options.Dir = projectFiles(t, map[string]string{
		"Pulumi.yaml": "name: house\nruntime: go", "Pulumi.dev.yaml": "config: {kafkalink:cloud: moon}",
	})
	options.Programs, options.Stack, options.Env = moon(), "dev", os.Environ()
	stack, err := Open(options)
	require.NoError(t, err)
	return stack
}

// Whoever holds the lock of a stack that a preview or an up is stopped on before it began keeps it.
func TestWhatIsStoppedBeforeItBeganReleasesNothing(t *testing.T) {
	t.Parallel()
	killed := make(chan struct{})
	close(killed)
	const sleeps = `case "$*" in *" cancel "*) ;; *) exec sleep 1000 ;; esac`
	t.Run("a preview", func(t *testing.T) {
		t.Parallel()
		engine, called := script(t, sleeps)

		_, err := moonStack(t, Options{Engine: engine, Kill: killed}).Preview(t.Context(), nil)

		var known *Error
		require.ErrorAs(t, err, &known)
		require.Equal(t, KindCancelled, known.Kind)
		require.Equal(t, "nothing was changed", known.Why)
		require.NotContains(t, called(), " cancel ")
	})
	t.Run("an up", func(t *testing.T) {
		t.Parallel()
		engine, called := script(t, sleeps)
		stack := moonStack(t, Options{Engine: engine, Kill: killed})

		_, err := stack.Up(t.Context(), nil)

		var known *Error
		require.ErrorAs(t, err, &known)
		require.Equal(t, KindKilled, known.Kind)
		require.Contains(t, known.Next, "release the stack with kafkalink cancel")
		require.NotContains(t, called(), " cancel ")
	})
}

func TestReleasingHasALimit(t *testing.T) {
	t.Parallel()
	engine, called := script(t, "exec sleep 1000")
	op, err := moonStack(t, Options{Engine: engine}).begin(t.Context(), "up", nil)
	require.NoError(t, err)

	op.changes, op.tracker.heard = true, true
	op.release(100 * time.Millisecond)

	require.Contains(t, op.lookUp(), "if the stack stays locked, release the stack with kafkalink cancel; then kafkalink up continues")
	require.Contains(t, called(), "cancel --yes --stack dev")
}

func TestAPreviewThatSaysNothingIsAnError(t *testing.T) {
	t.Parallel()
	engine, called := script(t, "exit 0")

	_, err := moonStack(t, Options{Engine: engine}).Preview(t.Context(), nil)

	var known *Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, KindEngine, known.Kind)
	require.Contains(t, called(), " preview ")
}

// Of what only reads, and of what the engine has not begun, nothing is told that did not happen.
func TestAnInterruptBeforeAnythingBeganSaysSo(t *testing.T) {
	t.Parallel()
	operations := map[string]func(*Stack) error{
		"up": func(s *Stack) error { _, err := s.Up(interrupted(t), nil); return err },
		"an up that looks at the state first": func(s *Stack) error {
			s.Program.Find = func(*pulumi.Context, apitype.ResourceV3) (*Found, error) { return nil, nil }
			_, err := s.Up(interrupted(t), nil)
			return err
		},
		"destroy": func(s *Stack) error {
			_, err := s.Destroy(interrupted(t), DestroyOptions{}, nil)
			return err
		},
		"a destroy's plan": func(s *Stack) error { _, err := s.PlanDestroy(interrupted(t), DestroyOptions{}); return err },
		"outputs":          func(s *Stack) error { _, err := s.Outputs(interrupted(t)); return err },
	}
	for name, operate := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine, _ := script(t, "exit 1")

			err := operate(moonStack(t, Options{Engine: engine}))

			var known *Error
			require.ErrorAs(t, err, &known)
			require.Equal(t, KindCancelled, known.Kind)
			require.Equal(t, "nothing was changed", known.Why)
			require.Equal(t, "run it again", known.Next)
		})
	}
}

func TestRemediesAreCommandsOnTheSameStack(t *testing.T) {
	t.Parallel()
	engine, _ := script(t, "echo 'error: no stack named dev' >&2; exit 255")
	command := func(words ...string) string { return "kafkalink " + strings.Join(words, " ") + " --stack dev" }

	_, err := moonStack(t, Options{Engine: engine, Command: command}).Outputs(t.Context())
	require.ErrorContains(t, err, "deploy it first: kafkalink up --stack dev")
	_, err = moonStack(t, Options{Engine: engine}).Outputs(t.Context())
	require.ErrorContains(t, err, "deploy it first: kafkalink up")
	require.NotContains(t, err.Error(), "--stack")
}

func interrupted(t *testing.T) context.Context {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	return ctx
}
