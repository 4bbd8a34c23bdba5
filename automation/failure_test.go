package automation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
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
	err := h.killedAt("machine-1", func() {})

	known := failure(t, automation.KindKilled, err)
	require.Contains(t, known.Why, "may exist in the cloud")
	require.Equal(t, "look it up with `pulumi refresh --stack dev --cwd "+h.dir+"`, which asks about it, then kafkalink up continues", known.Next)

	h.up()
	require.Contains(t, h.cloud.Log(), "create machine-1")
}

// killedAt is an up that is interrupted and then stopped at once while a resource is being created.
func (h *house) killedAt(resource string, before func(), change ...func(*automation.Options)) error {
	kill := make(chan struct{})
	ctx, interrupt := context.WithCancel(h.t.Context())
	h.cloud.Before = func(create context.Context, _, name string) error {
		if name != resource {
			return nil
		}
		before()
		interrupt()
		<-h.cloud.Cancelled()
		close(kill)
		<-create.Done() // the engine is gone
		return create.Err()
	}
	_, err := h.stack(append(change, func(o *automation.Options) { o.Kill = kill })...).Up(ctx, nil)
	h.cloud.Before = nil
	h.cloud.Log()
	return err
}

func TestWhatAKilledUpWasCreatingIsLookedUp(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T) (*house, func(*automation.Options)) {
		t.Parallel()
		h := newHouse(t)
		return h, func(o *automation.Options) { o.Programs[0].Find = h.cloud.Find }
	}
	t.Run("and taken over where it is there", func(t *testing.T) {
		h, finds := begin(t)
		made := func() { h.cloud.Make("urn:pulumi:dev::house::test:cloud:Machine::machine-1") }
		known := failure(t, automation.KindKilled, h.killedAt("machine-1", made, finds))
		require.Equal(t, "kafkalink up looks it up, and continues", known.Next)
		_, err := h.stack(finds).Up(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, []string{"create machine-2", "create service"}, h.cloud.Log())
		preview, err := h.stack(finds).Preview(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, preview.Changes)
		require.Empty(t, preview.Warnings)
	})
	t.Run("and made where it is not", func(t *testing.T) {
		h, finds := begin(t)
		_ = failure(t, automation.KindKilled, h.killedAt("machine-1", func() {}, finds))
		_, err := h.stack(finds).Up(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, []string{"create machine-1", "create machine-2", "create service"}, h.cloud.Log())
	})
	t.Run("and left alone where something else has made it since", func(t *testing.T) {
		h, finds := begin(t)
		_ = failure(t, automation.KindKilled, h.killedAt("machine-1", func() {}, finds))
		h.up() // without a Find, like plain pulumi: it only warns
		h.cloud.Log()
		_, err := h.stack(finds).Up(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, h.cloud.Log(), "nothing is deleted")
		require.Len(t, h.cloud.Resources(), 6)
	})
	t.Run("and nothing begins where that fails", func(t *testing.T) {
		h, finds := begin(t)
		_ = failure(t, automation.KindKilled, h.killedAt("machine-1", func() {}, finds))
		_, err := h.stack(func(o *automation.Options) {
			o.Programs[0].Find = func(*pulumi.Context, apitype.ResourceV3) (*automation.Found, error) {
				return nil, errors.New("these credentials may not read")
			}
		}).Up(t.Context(), nil)
		known := failure(t, automation.KindResource, err)
		require.Contains(t, known.Why, "machine machine-1: these credentials may not read")
		require.Empty(t, h.cloud.Log())
		_, err = h.stack(finds).Up(t.Context(), nil)
		require.NoError(t, err, "nothing was lost")
		require.Len(t, h.cloud.Resources(), 6)
	})
}
