package automation_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

// TestEightStacksAtOnce drives eight stacks side by side in this process, each from nothing to nothing. It is worth most
// under the race detector, as `make test` runs it.
func TestEightStacksAtOnce(t *testing.T) {
	t.Parallel()
	failed := make([]error, 8)
	houses := make([]*house, len(failed))
	for i := range houses {
		houses[i] = newHouse(t)
	}
	var living sync.WaitGroup
	for i, h := range houses {
		stack := h.stack()
		living.Go(func() { failed[i] = live(t.Context(), stack) })
	}
	living.Wait()
	require.NoError(t, errors.Join(failed...))
	for _, h := range houses {
		require.Empty(t, h.cloud.Resources())
	}
}

// TestEightRealStacksAtOnce is the same with one login, one backend and one PULUMI_HOME, as users have them.
func TestEightRealStacksAtOnce(t *testing.T) {
	t.Parallel()
	h, backend := newHouse(t), t.TempDir()
	run := realRun(backend, "PULUMI_BACKEND_URL=file://"+backend, "PULUMI_CONFIG_PASSPHRASE=of the user")
	failed := make([]error, 8)
	var living sync.WaitGroup
	for i := range failed {
		name := fmt.Sprintf("dev%d", i)
		require.NoError(t, os.WriteFile(filepath.Join(h.dir, "Pulumi."+name+".yaml"), []byte(enginetest.Configuration), 0o600))
		stack := h.stack(run, func(o *automation.Options) { o.Stack = name })
		living.Go(func() { failed[i] = live(t.Context(), stack) })
	}
	living.Wait()
	require.NoError(t, errors.Join(failed...))
}

func live(ctx context.Context, stack *automation.Stack) error {
	if _, err := stack.Up(ctx, nil); err != nil {
		return err
	}
	preview, err := stack.Preview(ctx, nil)
	if err != nil {
		return err
	}
	if len(preview.Changes) > 0 {
		return fmt.Errorf("deployed, it would change %v", preview.Changes)
	}
	_, err = stack.Destroy(ctx, automation.DestroyOptions{DeleteData: true}, nil)
	return err
}

func TestEventsCanBeReceivedFromAChannel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	received, events := make(chan []automation.Event), make(chan automation.Event)
	ended := make(chan struct{})
	go func() {
		var all []automation.Event
		for {
			select {
			case event := <-events:
				all = append(all, event)
			case <-ended:
				received <- all
				return
			}
		}
	}()

	_, err := h.stack().Up(t.Context(), automation.Channel(t.Context(), events))

	close(ended)
	require.NoError(t, err)
	require.NotEmpty(t, <-received)

	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err = h.stack().Up(t.Context(), automation.Channel(gone, events))
	require.NoError(t, err, "nobody receives")
}
