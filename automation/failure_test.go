package automation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

func TestAFailedResourceIsNamedAndTheNextUpContinues(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cloud.Before = func(_ context.Context, _, name string) error {
		if name == "machine-2" {
			return errors.New("quota of 4 cores exceeded")
		}
		return nil
	}

	_, err := h.stack().Up(t.Context(), nil)

	known := failure(t, automation.KindResource, err)
	require.Equal(t, `up of stack "dev" failed`, known.What)
	require.Equal(t, "machine machine-2: quota of 4 cores exceeded", known.Why)
	require.Contains(t, known.Next, "kafkalink up continues")

	h.cloud.Before = nil
	h.cloud.Log()
	h.up()
	require.Equal(t, []string{"create machine-2", "create service"}, h.cloud.Log())
}

func TestAnErrorOfTheProgramIsToldInItsOwnWords(t *testing.T) {
	t.Parallel()
	stack := newHouse(t).stack()
	stack.Program.Run = func(*pulumi.Context) error { return errors.New("zone 4 is not one of this region") }

	_, err := stack.Preview(t.Context(), nil)

	known := failure(t, automation.KindProgram, err)
	require.Equal(t, "zone 4 is not one of this region", known.Why)
	require.Equal(t, "nothing was changed: correct the cause", known.Next)
}

func TestAPanicOfTheProgramShowsItsStack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.configure("  test:panic: \"yes\"\n")

	_, err := h.stack().Up(t.Context(), nil)

	known := failure(t, automation.KindProgram, err)
	require.Contains(t, known.Why, "the program panicked: no such broker\n")
	require.Contains(t, known.Why, "enginetest.theProgramPanics(")
	require.NotContains(t, known.Why, "debug.Stack")
}

func TestAnInterruptedUpSavesWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, interrupt := context.WithCancel(t.Context())
	h.cloud.Before = func(_ context.Context, _, name string) error {
		if name == "machine-1" {
			interrupt()
			<-h.cloud.Cancelled() // the engine has heard of it, and waits for this create
		}
		return nil
	}

	_, err := h.stack().Up(ctx, nil)

	known := failure(t, automation.KindCancelled, err)
	require.Equal(t, `up of stack "dev" was interrupted`, known.What)
	require.Contains(t, known.Next, "kafkalink up")
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []string{"disk-1", "disk-2", "group", "machine-1"}, h.cloud.Resources())

	h.cloud.Before = nil
	h.cloud.Log()
	h.up()
	require.Equal(t, []string{"create machine-2", "create service"}, h.cloud.Log())
}

func TestAKilledUpReleasesTheStack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	kill := make(chan struct{})
	ctx, interrupt := context.WithCancel(t.Context())
	h.cloud.Before = func(create context.Context, _, name string) error {
		if name == "machine-1" {
			interrupt()
			<-h.cloud.Cancelled()
			close(kill)
			<-create.Done() // the engine is gone
			return create.Err()
		}
		return nil
	}

	_, err := h.stack(func(o *automation.Options) { o.Kill = kill }).Up(ctx, nil)

	known := failure(t, automation.KindKilled, err)
	require.Contains(t, known.Why, "may exist in the cloud")
	require.Equal(t, "look it up with `pulumi refresh --stack dev --cwd "+h.dir+"`, which asks about it, then kafkalink up continues", known.Next)

	h.cloud.Before = nil
	h.cloud.Log()
	h.up()
	require.Contains(t, h.cloud.Log(), "create machine-1")
}
