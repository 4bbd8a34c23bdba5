package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// refusing are hosts that refuse the payloads that a predicate picks.
func refusing(picks func(payload string) bool, why string) func(*simcloud.Options) {
	return answering(func(payload string, honest simcloud.CommandResult) simcloud.CommandResult {
		if picks(payload) {
			return simcloud.CommandResult{ExitCode: 1, Error: why}
		}
		return honest
	})
}

// TestTheClusterIsAskedBeforeTheFirstMachine changes all machines while the cluster cannot spare one: none is touched,
// and when it can, the same change goes through.
func TestTheClusterIsAskedBeforeTheFirstMachine(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testTheClusterIsAskedBeforeTheFirstMachine)
}

func testTheClusterIsAskedBeforeTheFirstMachine(t *testing.T, c cloud) {
	for name, change := range map[string]map[string]any{
		"size": c.resize, "image": c.image(0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c, "documents")
			r.up(t)
			r.set(t, change)
			r.prepare = refusing(func(script string) bool { return strings.Contains(script, "step: spare.sh") }, "broker 3 is down")
			_, err := r.open(t).Up(t.Context(), nil)
			require.ErrorContains(t, err, "broker 3 is down")
			require.Empty(t, touched(r.changes()))

			r.prepare = nil
			require.Equal(t, []int{1, 2, 3}, touched(r.up(t)))
			require.Empty(t, r.up(t), "asking leaves nothing behind that the next up would change")
		})
	}
}

// wentBack is a rig whose replacement of all machines failed at a node, and whose change was then taken back.
func wentBack(t *testing.T, c cloud, node string) *rig {
	t.Helper()
	r := newRig(t, c, "documents")
	r.up(t)
	before := r.config
	r.set(t, c.image(0))
	r.prepare = failsAt(simcloud.OperationCreate, "brokers-"+node+"-configuration")
	_, err := r.open(t).Up(t.Context(), nil)
	require.Error(t, err)
	r.config, r.prepare = before, nil
	r.write(t)
	return r
}

// TestGoingBackAsksAgain takes a change back while node 2 is out: machine 1 is not replaced a second time until an
// operator breaks the glass.
func TestGoingBackAsksAgain(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testGoingBackAsksAgain)
}

func testGoingBackAsksAgain(t *testing.T, c cloud) {
	r := wentBack(t, c, "2")
	require.Equal(t, []int{1, 2}, touched(r.changes()))
	r.prepare = refusing(func(script string) bool { return strings.Contains(script, "step: spare.sh") }, "broker 2 is down")
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "broker 2 is down")
	require.Empty(t, touched(r.changes()))

	r.set(t, map[string]any{"operator": map[string]any{"force": []any{2}}})
	r.prepare = nil
	require.Equal(t, []int{1, 2}, touched(r.up(t)))
}

// TestAMachineThatDoesNotServeIsNotAsked takes a change back that failed at the last machine: replaced and not
// configured, it is no witness. Another one is asked, and knows that it is out.
func TestAMachineThatDoesNotServeIsNotAsked(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testAMachineThatDoesNotServeIsNotAsked)
}

func testAMachineThatDoesNotServeIsNotAsked(t *testing.T, c cloud) {
	r := wentBack(t, c, "3")
	r.prepare = refusing(func(script string) bool {
		return strings.Contains(script, "step: spare.sh") && strings.Contains(script, "asked on node 2.")
	}, "broker 3 is down")
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "broker 3 is down")
	require.Empty(t, touched(r.changes()))
}

// TestAnUpdateThatStoppedGoesOn replaces all machines, stops at node 2 and is run again while that node is out, so the
// cluster could spare nobody: the node that is out is mended first, and is what the next one waits for.
func TestAnUpdateThatStoppedGoesOn(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testAnUpdateThatStoppedGoesOn)
}

func testAnUpdateThatStoppedGoesOn(t *testing.T, c cloud) {
	for _, failed := range []string{"brokers-2-configuration", "brokers-2-vm"} {
		t.Run(failed, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c, "documents")
			r.up(t)
			r.set(t, c.image(0))
			r.prepare = failsAt(simcloud.OperationCreate, failed)
			_, err := r.open(t).Up(t.Context(), nil)
			require.Error(t, err)

			r.prepare = refusing(func(script string) bool { return strings.Contains(script, "step: spare.sh") }, "broker 2 is down")
			require.Equal(t, []int{2, 3}, touched(r.up(t)))
			configured := map[string]simcloud.Operation{}
			for _, o := range r.changes() {
				configured[o.Name] = o
			}
			require.Contains(t, configured, "brokers-2-configuration")
			require.Greater(t, configured["brokers-3-vm"].Began, configured["brokers-2-configuration"].Ended)
		})
	}
}

// TestEveryReplacementIsAskedFor replaces all machines again and again: each time the machine that was asked is gone with
// the question.
func TestEveryReplacementIsAskedFor(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testEveryReplacementIsAskedFor)
}

func testEveryReplacementIsAskedFor(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.up(t)
	for i, image := range c.images {
		r.set(t, c.image(i))
		changes := r.up(t)
		require.Equal(t, []int{1, 2, 3}, touched(changes), image)
		require.Equal(t, "brokers-guard", changes[0].Name, image)
	}
}

// TestFirstCreationRegistersTheGuard deploys from nothing: there is nothing to protect, but a guard that were missing the
// next `up` would have to make. It takes its machine, and no more, to answer.
func TestFirstCreationRegistersTheGuard(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testFirstCreationRegistersTheGuard)
}

func testFirstCreationRegistersTheGuard(t *testing.T, c cloud) {
	r := newRig(t, c, "separate-controllers")
	r.prepare = slowly(3)
	done := map[string]simcloud.Operation{}
	for _, o := range r.up(t) {
		done[o.Name] = o
	}
	guard := done["brokers-guard"]
	asks, there := r.view.Get(guard.ID)
	require.True(t, there)
	asked := strings.ToLower(guard.ID + text(t, asks.Properties)) // Azure's id, or AWS's target, names the machine
	machines := 0
	for name, o := range done {
		if strings.HasSuffix(name, "-vm") && strings.Contains(asked, strings.ToLower(o.ID)) {
			machines++
			require.Greater(t, guard.Began, o.Ended, name)
		}
	}
	require.Equal(t, 1, machines, "it is asked on one machine")
	require.Less(t, guard.Began, done["brokers-1-cluster-ready"].Began, "it waits for no cluster")
}
