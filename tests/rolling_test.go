package tests

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/internal/wiring"
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

var nodePart = regexp.MustCompile(`^brokers-(\d+)-(vm|attachment|configuration)$`)

// outage is what happens to one node's machine and configuration, in the order it happened.
type outage struct {
	node  int
	steps []string
	began int
	ended int
}

// outages groups the changes of machines and configurations by node, in the order the nodes were first touched.
func outages(changes []simcloud.Operation) (list []outage) {
	for _, o := range changes {
		m := nodePart.FindStringSubmatch(o.Name)
		if m == nil {
			continue
		}
		node, _ := strconv.Atoi(m[1])
		i := slices.IndexFunc(list, func(other outage) bool { return other.node == node })
		if i < 0 {
			i = len(list)
			list = append(list, outage{node: node, began: o.Began})
		}
		list[i].steps = append(list[i].steps, string(o.Kind)+" "+m[2])
		list[i].ended = max(list[i].ended, o.Ended)
	}
	return list
}

// slowly lets resources take a fraction of their rough real time, shaken by a seed: what needs nothing of each other is done
// in any order.
func slowly(seed int64) func(*simcloud.Options) {
	return func(o *simcloud.Options) { o.Latency = simcloud.Latency{Scale: 0.002, Seed: seed} }
}

// TestMachinesFindWhatTheyNeedAtBoot deploys in several orders: whatever a machine needs when it boots for the first time, a
// way out, a role that lets its agent work, is there before it, because cloud-init does not wait for what comes later.
func TestMachinesFindWhatTheyNeedAtBoot(t *testing.T) {
	t.Parallel()
	for _, scenario := range awsCloud.scenarios {
		for seed := range int64(2) {
			t.Run(fmt.Sprintf("%s/%d", scenario, seed), func(t *testing.T) {
				t.Parallel()
				r := newRig(t, awsCloud, scenario)
				r.prepare = slowly(seed)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // what lacks a way out is waited for
				defer cancel()
				_, err := r.open(t).Up(ctx, nil)
				require.NoError(t, err)
				require.NotEmpty(t, r.view.List(awsCloud.machine))
				requireWholeBoots(t, r.view)
			})
		}
	}
}

// requireWholeBoots wants no node of AWS to have been made before what it needs. A bastion fetches nothing, and of Azure's
// machines the simulation cannot tell.
func requireWholeBoots(t *testing.T, view simcloud.View) {
	t.Helper()
	for _, machine := range view.List(awsCloud.machine) {
		if machine.Properties.Object("tags").Has("kafkalink-node") {
			require.Empty(t, aws.BootProblem(view, machine.ID), machine.ID)
		}
	}
}

// Public keys of nobody's.
const (
	oneKey     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINRsFEb/SE2pNcOQrVeFFFSHZaK/yfvBBAs9VpSdpZdW"
	anotherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGiwwIpqdjElMHTkBf5gKRK29fk8LzNnytebTRZBul6Y"
)

// TestOneBrokerAtATime changes what takes brokers out, on a running cluster, and reads from the simulated cloud's log
// that every node was back, by its own report, before the next was touched.
func TestOneBrokerAtATime(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testOneBrokerAtATime)
}

func testOneBrokerAtATime(t *testing.T, c cloud) {
	for name, of := range map[string]struct {
		change map[string]any
		steps  []string
	}{
		"all machines are replaced": {c.image(0), c.replacement},
		"all machines change size":  {c.resize, c.resized},
		"a property changes": {
			map[string]any{"cluster.properties": map[string]any{"num.io.threads": "16"}},
			[]string{"update configuration"},
		},
		"a link is added":    {c.link, []string{"update configuration"}},
		"an SSH key changes": {map[string]any{"machines.adminPublicKey": anotherKey}, c.replacement},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c, "documents")
			r.set(t, map[string]any{"machines.adminPublicKey": oneKey})
			r.up(t)
			require.Empty(t, r.up(t), "a second up changes nothing")
			r.set(t, of.change)
			// Steps that take time, some long, some short, bring out what does not wait for what.
			r.prepare = slowly(7)
			got := outages(r.up(t))
			require.Len(t, got, 3)
			for i, o := range got {
				require.Equal(t, i+1, o.node, "in the order of node ids")
				require.Equal(t, of.steps, o.steps, "node %d", o.node)
				if i > 0 {
					require.Greater(t, o.began, got[i-1].ended, "node %d was touched before node %d was back", o.node, got[i-1].node)
				}
			}
		})
	}
}

// TestAFailedBrokerStopsTheChain fails the second of three replacements: the third machine is never touched, and the
// next run finishes.
func TestAFailedBrokerStopsTheChain(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testAFailedBrokerStopsTheChain)
}

func testAFailedBrokerStopsTheChain(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.up(t)
	r.set(t, c.image(0))
	r.prepare = failsAt(simcloud.OperationCreate, "brokers-2-configuration")
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "configuration of node 2")
	for _, o := range r.changes() {
		require.False(t, strings.HasPrefix(o.Name, "brokers-3-"), "%s %s", o.Kind, o.Name)
	}
	r.prepare = nil
	got := outages(r.up(t))
	require.Equal(t, []int{2, 3}, []int{got[0].node, got[1].node})
	require.Empty(t, r.up(t))
}

// TestAFirstCreationIsSideBySide lets no node finish its configuration before all have begun theirs, as a quorum needs
// it that forms for the first time. One fails, and the next up goes on one node after the other.
func TestAFirstCreationIsSideBySide(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testAFirstCreationIsSideBySide)
}

func testAFirstCreationIsSideBySide(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.prepare = func(o *simcloud.Options) {
		o.DataPlane = wiring.Hosts{Answer: (&meeting{missing: 3, complete: make(chan struct{})}).answer}
	}
	_, err := r.open(t).Up(t.Context(), nil)
	require.ErrorContains(t, err, "node 2 fails")
	require.NotContains(t, err.Error(), "alone")
	for _, o := range r.changes() {
		require.False(t, strings.HasSuffix(o.Name, "-cluster-ready"), "it waits for every node")
	}

	r.prepare = nil
	require.Equal(t, []int{2}, touched(r.up(t)))
	require.Empty(t, r.up(t))
}

// meeting are hosts of which every one waits until none is missing, and the second then fails.
type meeting struct {
	mu       sync.Mutex
	missing  int
	complete chan struct{}
}

func (m *meeting) answer(ctx context.Context, payload string) (simcloud.CommandResult, error) {
	m.mu.Lock()
	if m.missing--; m.missing == 0 {
		close(m.complete)
	}
	m.mu.Unlock()
	select {
	case <-m.complete:
		if strings.Contains(payload, "node 2 of") {
			return simcloud.CommandResult{ExitCode: 1, Error: "node 2 fails"}, nil
		}
		return wiring.Healthy(ctx, payload)
	case <-time.After(30 * time.Second):
		return simcloud.CommandResult{}, errors.New("left alone by the other nodes")
	}
}

// answering lets hosts answer otherwise than healthy ones do.
func answering(answer func(payload string, honest simcloud.CommandResult) simcloud.CommandResult) func(*simcloud.Options) {
	return func(o *simcloud.Options) {
		o.DataPlane = wiring.Hosts{Answer: func(ctx context.Context, payload string) (simcloud.CommandResult, error) {
			honest, err := wiring.Healthy(ctx, payload)
			return answer(payload, honest), err
		}}
	}
}

// TestOnlyTheHostsReportCounts lets node 2 fail its configuration in ways of which Azure reports some as success. Each
// time up fails, the third node is left alone, and the next up sends the configuration again and finishes.
func TestOnlyTheHostsReportCounts(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testOnlyTheHostsReportCounts)
}

func testOnlyTheHostsReportCounts(t *testing.T, c cloud) {
	cases := map[string]struct {
		answer simcloud.CommandResult
		want   string
	}{
		"the script fails":                    {simcloud.CommandResult{ExitCode: 1, Error: "partition orders-3 would fall below min ISR"}, "partition orders-3 would fall below min ISR"},
		"the script prints nothing":           {simcloud.CommandResult{}, "node 2: no host report"},
		"the script ends without a report":    {simcloud.CommandResult{Output: "waiting for Kafka"}, "node 2: no host report"},
		"the report is of another run":        {simcloud.CommandResult{Output: `kafkalink-report: {"digest":"d1","run":"r1","bootId":"b","nodeId":2,"state":"in-sync"}`}, "node 2"},
		"the report is of another machine":    {simcloud.CommandResult{Output: `kafkalink-report: {"digest":"d1","run":"r1","bootId":"b","nodeId":1,"state":"in-sync"}`}, "node 2"},
		"the report is not what we write":     {simcloud.CommandResult{Output: "kafkalink-report: yes"}, "node 2: host report is not what kafkalink writes"},
		"the report is cut off in its middle": {simcloud.CommandResult{Output: `kafkalink-report: {"digest":"d1",`}, "node 2: host report is not what kafkalink writes"},
	}
	for name, of := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c, "documents")
			r.up(t)
			r.set(t, map[string]any{"cluster.properties": map[string]any{"num.io.threads": "16"}})
			r.prepare = answering(func(payload string, honest simcloud.CommandResult) simcloud.CommandResult {
				if strings.Contains(payload, "node 2 of") {
					return of.answer
				}
				return honest
			})
			_, err := r.open(t).Up(t.Context(), nil)
			require.ErrorContains(t, err, of.want)
			require.Equal(t, []int{1, 2}, touched(r.changes()))
			r.prepare = nil
			require.Equal(t, []int{2, 3}, touched(r.up(t)))
			require.Empty(t, r.up(t))
		})
	}
}

func touched(changes []simcloud.Operation) (nodes []int) {
	for _, o := range outages(changes) {
		nodes = append(nodes, o.node)
	}
	return nodes
}

// TestDriftIsWhatOthersHaveChanged alters the cloud behind Pulumi's back: a preview believes the state, drift looks.
func TestDriftIsWhatOthersHaveChanged(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testDriftIsWhatOthersHaveChanged)
}

func testDriftIsWhatOthersHaveChanged(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.up(t)
	r.seed = func(world *simcloud.World) error {
		c.tamper(world)
		return nil
	}
	for range 2 { // the state is not told
		preview, err := r.open(t).Preview(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, preview.Changes)
		drift, err := r.open(t).Drift(t.Context(), nil)
		require.NoError(t, err)
		require.Len(t, drift.Changes, 1)
		require.Equal(t, c.tampered.Resource.Name, drift.Changes[0].Resource.Name)
		require.Equal(t, automation.ActionUpdate, drift.Changes[0].Action)
		require.Empty(t, drift.Restarts)
	}
}

// TestAPreviewShowsWhatUpDoes changes tags, which nobody restarts for: the preview announces no replacement, and up
// makes none.
func TestAPreviewShowsWhatUpDoes(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testAPreviewShowsWhatUpDoes)
}

func testAPreviewShowsWhatUpDoes(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.up(t)
	r.set(t, map[string]any{"tags": map[string]any{"team": "data"}})
	preview, err := r.open(t).Preview(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, preview.Restarts)
	for _, change := range preview.Changes {
		require.Equal(t, automation.ActionUpdate, change.Action, change.Resource.Name)
		for _, path := range change.Changed {
			require.Contains(t, path, "tags", change.Resource.Name)
		}
	}
	for _, o := range r.up(t) {
		require.Equal(t, simcloud.OperationUpdate, o.Kind, o.Name)
	}
}
