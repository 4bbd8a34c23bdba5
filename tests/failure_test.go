package tests

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
)

// failing are the operations on a stack, each with what comes before it, of whose requests one fails at a time.
var failing = map[string]struct {
	prepare func(*testing.T, *rig)
	run     func(*testing.T, *rig) error
}{
	"up": {
		func(*testing.T, *rig) {},
		func(t *testing.T, r *rig) error { _, err := r.open(t).Up(t.Context(), nil); return err },
	},
	"an update that replaces all machines": {
		func(t *testing.T, r *rig) {
			r.up(t)
			r.set(t, r.cloud.image(0))
		},
		func(t *testing.T, r *rig) error { _, err := r.open(t).Up(t.Context(), nil); return err },
	},
	"another size of all machines, and an update of the way in": {
		func(t *testing.T, r *rig) {
			r.up(t)
			r.set(t, r.cloud.resize)
			r.set(t, r.cloud.wider)
		},
		func(t *testing.T, r *rig) error { _, err := r.open(t).Up(t.Context(), nil); return err },
	},
	"destroy": {
		func(t *testing.T, r *rig) { r.up(t) },
		func(t *testing.T, r *rig) error {
			_, err := r.open(t).Destroy(t.Context(), automation.DestroyOptions{DeleteData: true}, nil)
			return err
		},
	},
}

// TestAnyOperationMayFailOnce fails each operation of the cloud in turn, each on a copy of one beginning: the next run
// finishes, and the cloud holds what the state says, each once, and nothing else. `make exhaustive` fails all of them,
// this a sample.
func TestAnyOperationMayFailOnce(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testAnyOperationMayFailOnce)
}

func testAnyOperationMayFailOnce(t *testing.T, c cloud) {
	for name, of := range failing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			beginning := newRig(t, c, "documents")
			of.prepare(t, beginning)
			whole := beginning.copied(t)
			require.NoError(t, of.run(t, whole))
			count, failed := len(whole.changes()), 0
			for k := 1; k <= count; k += (count + failuresOf(count) - 1) / failuresOf(count) {
				r := beginning.copied(t)
				r.prepare = func(o *simcloud.Options) { o.FailOperation = k }
				require.Error(t, of.run(t, r), "operation %d", k)
				r.prepare = nil
				require.NoError(t, of.run(t, r), "after operation %d failed", k)
				require.Equal(t, alike(whole.there), alike(r.there), "after operation %d failed", k)
				r.wantDone(t, "after operation %d failed", k)
				r.wantOnly(t, r.there, fmt.Sprintf("after operation %d failed", k))
				failed++
			}
			t.Logf("%d of %d operations failed once each, and the next run finished", failed, count)
		})
	}
}

// wantDone looks at the cloud: it has what the program asks for, whatever the engine was told. Azure's guard has gone with the
// machine that was asked.
func (r *rig) wantDone(t *testing.T, why string, args ...any) {
	t.Helper()
	if len(r.there) == 0 {
		return // destroyed
	}
	drift, err := r.open(t).Drift(t.Context(), nil)
	require.NoError(t, err)
	left := slices.DeleteFunc(drift.Changes, func(c automation.Change) bool { return c.Resource.Name == "brokers-guard" })
	require.Empty(t, left, append([]any{why}, args...)...)
}

// TestWhatWasRefusedIsStillToBeDone refuses an update of the endpoint service. On AWS the engine is told all the same that it
// has what was asked for; the next update looks, and makes it.
func TestWhatWasRefusedIsStillToBeDone(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		r := newRig(t, c, "documents")
		r.up(t)
		r.set(t, c.wider)
		r.prepare = failsAt(simcloud.OperationUpdate, "link-tidb-service")
		_, err := r.open(t).Up(t.Context(), nil)
		require.Error(t, err)
		r.prepare = nil
		require.Contains(t, told(r.up(t)), "update link-tidb-service")
		r.wantDone(t, "the service is as configured")
		require.Empty(t, r.up(t))
	})
}

// alike are ids without what Pulumi makes up in names, which differs each time, and without the guard's.
func alike(ids []string) (list []string) {
	for _, id := range withoutGuard(ids) {
		list = append(list, madeUpPart.ReplaceAllString(id, ""))
	}
	return list
}

var madeUpPart = regexp.MustCompile(`-[0-9a-f]{7}\b`)

// copied is the stack as it is now, in a directory of its own.
func (r *rig) copied(t *testing.T) *rig {
	t.Helper()
	other := &rig{cloud: r.cloud, dir: t.TempDir(), config: r.config, engine: r.engine}
	require.NoError(t, os.CopyFS(other.dir, os.DirFS(r.dir)))
	return other
}
