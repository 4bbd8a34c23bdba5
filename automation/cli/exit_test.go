package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

func TestTheThirdInterruptLeaves(t *testing.T) {
	t.Parallel()
	signals, ended, kill, left := make(chan os.Signal, 3), make(chan struct{}), make(chan struct{}), make(chan int)
	defer close(ended)
	for range 3 {
		signals <- os.Interrupt
	}
	var said bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())

	go interrupts(signals, ended, cancel, kill, &said, func(code int) { left <- code })

	require.Equal(t, 8, <-left)
	require.ErrorIs(t, ctx.Err(), context.Canceled)
	<-kill
	require.Contains(t, said.String(), "Leaving")
}

func TestVariables(t *testing.T) {
	t.Parallel()
	env := []string{"Path=a", "TERM=dumb", "TERM=xterm", "EMPTY"}
	require.Equal(t, "a", lookUp(env, "PATH", true))
	require.Empty(t, lookUp(env, "PATH", false))
	require.Equal(t, "xterm", lookUp(env, "TERM", false))
	require.Empty(t, lookUp(env, "EMPTY", false))
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	cases := map[automation.Kind]int{
		automation.KindOther:         1,
		automation.KindConfiguration: 2,
		automation.KindEngine:        1,
		automation.KindLogin:         3,
		automation.KindStackNotFound: 6,
		automation.KindResource:      4,
		automation.KindProgram:       1,
		automation.KindLocked:        1,
		automation.KindCancelled:     8,
		automation.KindKilled:        8,
		automation.KindState:         1,
		automation.KindPolicy:        5,
	}
	require.Len(t, cases, int(automation.KindPolicy)+1, "a kind without an exit code")
	for kind, want := range cases {
		require.Equal(t, want, exitCode(&automation.Error{Kind: kind}), kind.String())
	}
	interrupted := &automation.Error{Err: errors.Join(errors.New("signal: interrupt"), context.Canceled)}
	require.Equal(t, 8, exitCode(interrupted))
}
