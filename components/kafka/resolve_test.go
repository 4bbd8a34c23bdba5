package kafka_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func nodeLines(c *kafka.Cluster) []string {
	var lines []string
	for _, n := range c.Nodes {
		lines = append(lines, fmt.Sprintf("%s %v zone %q at %s", n.Name(c.Name), n.Roles, n.Zone, n.Address))
	}
	return lines
}

func TestDefaultsAndExpansion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		spec kafka.Spec
		want []string
	}{
		{"nothing given: three combined nodes", kafka.Spec{}, []string{
			`kafka-broker-1 [broker controller] zone "" at 10.0.0.11`,
			`kafka-broker-2 [broker controller] zone "" at 10.0.0.12`,
			`kafka-broker-3 [broker controller] zone "" at 10.0.0.13`,
		}},
		{"five brokers in three zones: two beyond the quorum", kafka.Spec{Name: "orders", Brokers: 5, Zones: []string{"1", "2", "3"}}, []string{
			`orders-broker-1 [broker controller] zone "1" at 10.0.0.11`,
			`orders-broker-2 [broker controller] zone "2" at 10.0.0.12`,
			`orders-broker-3 [broker controller] zone "3" at 10.0.0.13`,
			`orders-broker-4 [broker] zone "1" at 10.0.0.14`,
			`orders-broker-5 [broker] zone "2" at 10.0.0.15`,
		}},
		{"two brokers: a quorum of one", kafka.Spec{Brokers: 2}, []string{
			`kafka-broker-1 [broker controller] zone "" at 10.0.0.11`,
			`kafka-broker-2 [broker] zone "" at 10.0.0.12`,
		}},
		{"separate controllers", kafka.Spec{Brokers: 2, Zones: []string{"a", "b", "c"}, Controllers: kafka.Controllers{Separate: true}}, []string{
			`kafka-broker-1 [broker] zone "a" at 10.0.0.11`,
			`kafka-broker-2 [broker] zone "b" at 10.0.0.12`,
			`kafka-controller-101 [controller] zone "a" at 10.0.0.111`,
			`kafka-controller-102 [controller] zone "b" at 10.0.0.112`,
			`kafka-controller-103 [controller] zone "c" at 10.0.0.113`,
		}},
		{"listed nodes, ordered by id, roles in Kafka's order", kafka.Spec{Nodes: []kafka.Node{
			{ID: 9, Roles: []kafka.Role{kafka.RoleBroker}, Address: "nine.internal"},
			{ID: 4, Roles: []kafka.Role{kafka.RoleController, kafka.RoleBroker}, Zone: "2"},
		}}, []string{
			`kafka-broker-4 [broker controller] zone "2" at 10.0.0.14`,
			`kafka-broker-9 [broker] zone "" at nine.internal`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, nodeLines(mustResolve(t, test.spec)))
		})
	}
}

func TestScalarDefaults(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{})
	require.Equal(t, "kafka", c.Name)
	require.Equal(t, "3.7.1", c.Version)
	require.Equal(t, kafka.Ports{Controller: 29092, Internal: 9092}, c.Ports)
	require.Equal(t, kafka.DeriveClusterID("org/project/stack", "kafka"), c.ID)
}

func TestLinkDefaultsByPosition(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{}, tidb,
		kafka.Link{Name: "second", Pattern: "<node_id>.second.example.com:<port>"},
		kafka.Link{Name: "third", Pattern: "<node_id>.third.example.com:<port>", Endpoint: "tidb", PortBase: 9192})
	require.Equal(t, []kafka.Link{
		{Name: "tidb", Pattern: tidbPattern, Listener: "EXTERNAL", ListenerPort: 39092, PortBase: 9092, Endpoint: "tidb"},
		{Name: "second", Pattern: "<node_id>.second.example.com:<port>", Listener: "EXTERNAL2", ListenerPort: 39093, PortBase: 9092, Endpoint: "second"},
		{Name: "third", Pattern: "<node_id>.third.example.com:<port>", Listener: "EXTERNAL3", ListenerPort: 39094, PortBase: 9192, Endpoint: "tidb"},
	}, c.Links)
}

func TestResolveIsIdempotent(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{Brokers: 5, Zones: []string{"1", "2"}}, tidb)
	again := mustResolve(t, kafka.Spec{Name: c.Name, ID: c.ID, Version: c.Version, Nodes: c.Nodes, Ports: c.Ports}, c.Links...)
	require.Equal(t, c, again)
}

func TestResolveLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	spec := kafka.Spec{Properties: map[string]string{"num.io.threads": "8"}, Nodes: []kafka.Node{
		{ID: 2, Roles: []kafka.Role{kafka.RoleController, kafka.RoleBroker}, Properties: map[string]string{"a": "b"}},
	}}
	links := []kafka.Link{tidb}
	before, err := json.Marshal([]any{spec, links})
	require.NoError(t, err)
	c := mustResolve(t, spec, links...)
	c.Properties["num.io.threads"] = "16"
	c.Nodes[0].Properties["a"] = "c"
	c.Nodes[0].Roles[0] = "x"
	c.Links[0].Name = "x"
	after, err := json.Marshal([]any{spec, links})
	require.NoError(t, err)
	require.JSONEq(t, string(before), string(after))
}

func TestTooManyNodes(t *testing.T) {
	t.Parallel()
	_, findings := resolve(kafka.Spec{Nodes: make([]kafka.Node, kafka.MaxNodes+1)})
	require.EqualError(t, findings.Err(), "cluster.nodes: Invalid value: 101: lists more than 100 nodes; list fewer")
}
