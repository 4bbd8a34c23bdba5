package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

// recorded is an up as its events tell it.
func recorded() []automation.Event {
	resource := func(label string) automation.Resource {
		return automation.Resource{URN: label, Type: "cloud:x:X", Label: label}
	}
	step := func(label string, action automation.Action, state automation.State, took time.Duration) automation.Event {
		return &automation.Step{Resource: resource(label), Action: action, State: state, Duration: took}
	}
	group := automation.Step{
		Resource: automation.Resource{Type: "kafkalink:x:Brokers", Label: "brokers", Component: true},
		Action:   automation.ActionCreate, State: automation.StateDone,
	}
	provider := group
	provider.Resource = automation.Resource{Type: "pulumi:providers:cloud", Label: "default"}
	disk := resource("data disk of node 1")
	return []automation.Event{
		&automation.Phase{Name: "creating the stack"},
		&group, &provider,
		step("resource group", automation.ActionSame, automation.StateDone, 0),
		step("virtual network", automation.ActionCreate, automation.StateRunning, 0),
		step("data disk of node 1", automation.ActionUpdate, automation.StateRunning, 0),
		step("virtual network", automation.ActionCreate, automation.StateDone, 1240*time.Millisecond),
		&automation.Diagnostic{Severity: automation.SeverityWarning, Resource: &disk, Message: "it is nearly full:\n93 %"},
		&automation.Diagnostic{Severity: automation.SeverityInfo, Message: "waiting for the quorum"},
		&automation.Diagnostic{Severity: automation.SeverityError, Message: "is said by the error"},
		step("data disk of node 1", automation.ActionUpdate, automation.StateDone, 10*time.Millisecond),
		step("machine of node 1", automation.ActionDelete, automation.StateRunning, 0),
		step("machine of node 1", automation.ActionDelete, automation.StateDone, 2*time.Second),
		step("machine of node 1", automation.ActionReplace, automation.StateRunning, 0),
		step("machine of node 1", automation.ActionReplace, automation.StateFailed, 72*time.Second+400*time.Millisecond),
	}
}

func TestPlainProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	a := newApp(Options{Out: &out})
	p := a.progress("Deploying")
	for _, event := range recorded() {
		p.take(event)
	}
	p.stop()

	require.Equal(t, `Deploying
· creating the stack
· creating virtual network
· updating data disk of node 1
✓ created virtual network (1.2s)
! warning: data disk of node 1: it is nearly full:
  93 %
· waiting for the quorum
✓ updated data disk of node 1
· removing machine of node 1
✓ removed machine of node 1 (2s)
· replacing machine of node 1
✗ replacing machine of node 1 failed (1m12s)
`, out.String())
}

func TestWithJSONProgressIsNotOnTheOutputStream(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	a := newApp(Options{Out: &out, Err: &errs})
	a.flags.json = true
	p := a.progress("Deploying")
	p.stop()

	require.Empty(t, out.String())
	require.Equal(t, "Deploying\n", errs.String())
}
