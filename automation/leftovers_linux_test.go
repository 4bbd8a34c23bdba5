package automation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
)

// Not parallel: it counts the goroutines and children of the whole process.
func TestOperationsLeaveNothingBehind(t *testing.T) {
	enginetest.Engine(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	before := goroutines()
	func() {
		cloud, err := enginetest.Serve()
		require.NoError(t, err)
		defer cloud.Stop()
		h := &house{t: t, cloud: cloud, dir: enginetest.Project(t, enginetest.Configuration)}
		_, err = h.stack().Preview(t.Context(), nil)
		require.NoError(t, err)
		finds := func(o *automation.Options) { o.Programs[0].Find = cloud.Find }
		require.Error(t, h.killedAt("machine-2", func() {}, finds))
		_, err = h.stack(finds).Up(t.Context(), nil)
		require.NoError(t, err)
		_, err = h.stack().PlanRefresh(t.Context(), nil)
		require.NoError(t, err)
		_, err = h.stack().Refresh(t.Context(), nil)
		require.NoError(t, err)
		_, err = h.stack().Examine(t.Context(), nil)
		require.NoError(t, err)
		served, err := h.stack().Serve(t.Context())
		require.NoError(t, err)
		require.NoError(t, served.Close())
		cloud.Before = func(context.Context, string, string) error { return errors.New("no") }
		_, err = h.stack().Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
		require.Error(t, err)
		cloud.Before = nil
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = h.stack().Up(cancelled, nil)
		require.Error(t, err)
		_, err = h.stack().Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
		require.NoError(t, err)
		noted, err := filepath.Glob(filepath.Join(h.stack().SimulatedDir(), "running", "cli-*"))
		require.NoError(t, err)
		require.Empty(t, noted, "notes of processes")
	}()

	left, err := filepath.Glob(filepath.Join(temp, "*"))
	require.NoError(t, err)
	require.Empty(t, left, "temporary files")
	require.Empty(t, children(t), "processes")
	// The ends of connections are noticed a moment after they are closed.
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		require.Empty(t, surplus(before, goroutines()))
	}, 10*time.Second, 20*time.Millisecond, "goroutines")
}

func children(t *testing.T) []string {
	t.Helper()
	lists, err := filepath.Glob("/proc/self/task/*/children")
	require.NoError(t, err)
	require.NotEmpty(t, lists)
	var pids []string
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err == nil { // a thread may have ended meanwhile
			pids = append(pids, strings.Fields(string(text))...)
		}
	}
	return pids
}

// goroutines counts by where they were created.
func goroutines() map[string]int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	counts := map[string]int{}
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		if _, creator, found := strings.Cut(stack, "created by "); found {
			creator, _, _ = strings.Cut(creator, " in goroutine")
			counts[creator]++
		}
	}
	return counts
}

func surplus(before, after map[string]int) []string {
	var more []string
	for creator, count := range after {
		if count > before[creator] && !strings.HasPrefix(creator, "testing.") && !strings.Contains(creator, "testify") {
			more = append(more, creator)
		}
	}
	return more
}
