package cli

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
)

func change(action automation.Action, label string, changed ...string) automation.Change {
	return automation.Change{Action: action, Resource: automation.Resource{Type: "cloud:x:X", Label: label}, Changed: changed}
}

func TestPrintChanges(t *testing.T) {
	t.Parallel()
	cluster := &kafka.Cluster{Nodes: []kafka.Node{
		{ID: 1, Roles: []kafka.Role{kafka.RoleBroker}}, {ID: 101, Roles: []kafka.Role{kafka.RoleController}},
	}}
	component := change(automation.ActionCreate, "brokers")
	component.Resource.Component = true
	cases := []struct {
		name    string
		preview automation.PreviewResult
		want    string
	}{
		{"nothing", automation.PreviewResult{}, "Nothing to change: what is deployed is what is configured.\n"},
		{"only what groups others", automation.PreviewResult{Changes: []automation.Change{component}},
			"Nothing to change: what is deployed is what is configured.\n"},
		{"all kinds, with what is behind them", automation.PreviewResult{
			Cluster: cluster,
			Changes: []automation.Change{
				component,
				change(automation.ActionCreate, "load balancer"),
				change(automation.ActionUpdate, "configuration of node 1", "source.script"),
				change(automation.ActionReplace, "machine of node 101", "a", "b", "c", "d", "e"),
				change(automation.ActionDelete, "bastion"),
			},
			Restarts: []int{101, 1},
			CutOff:   []automation.CutOff{{Link: "second", Why: "brokers listen on A:2, until now on B:1", Keep: "listener: B, listenerPort: 1"}},
		}, `  create   load balancer
  update   configuration of node 1 (source.script)
  replace  machine of node 101 (a, b, c and 2 more)
  delete   bastion

1 to create, 1 to update, 1 to replace, 1 to delete
Restarts, one at a time: controller-101, broker-1
Cuts off the consumer of link second: brokers listen on A:2, until now on B:1. This keeps it as it is: listener: B, listenerPort: 1
`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			printChanges(&out, c.preview, paint{})
			require.Equal(t, c.want, out.String())
		})
	}
}
