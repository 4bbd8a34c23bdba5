package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func ids(nodes []kafka.Node) []int {
	var all []int
	for _, n := range nodes {
		all = append(all, n.ID)
	}
	return all
}

var mixed = kafka.Spec{Nodes: []kafka.Node{
	{ID: 1, Roles: []kafka.Role{kafka.RoleBroker}},
	{ID: 2, Roles: []kafka.Role{kafka.RoleBroker, kafka.RoleController}},
	{ID: 3, Roles: []kafka.Role{kafka.RoleBroker, kafka.RoleController}},
	{ID: 4, Roles: []kafka.Role{kafka.RoleBroker}},
	{ID: 5, Roles: []kafka.Role{kafka.RoleController}},
}}

func TestRestartOrder(t *testing.T) {
	t.Parallel()
	require.Equal(t, []int{5, 2, 3, 1, 4}, ids(mustResolve(t, mixed).RestartOrder()))
}

func TestVotersAreTheControllers(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, mixed)
	require.Equal(t, []int{2, 3, 5}, ids(c.Controllers()))
	require.Equal(t, []int{1, 2, 3, 4}, ids(c.Brokers()))
	require.Equal(t, "2@10.0.0.12:29092,3@10.0.0.13:29092,5@10.0.0.15:29092", c.Voters())
}

func TestNodeByID(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, mixed)
	n, found := c.Node(5)
	require.True(t, found)
	require.Equal(t, "controller-5", n.Name(""))
	_, found = c.Node(6)
	require.False(t, found)
}

// What a node is must not change when brokers come: its user-data is frozen.
func TestMoreBrokersChangeNoOtherNode(t *testing.T) {
	t.Parallel()
	small := mustResolve(t, kafka.Spec{Brokers: 3, Zones: []string{"1", "2", "3"}}, tidb)
	large := mustResolve(t, kafka.Spec{Brokers: 5, Zones: []string{"1", "2", "3"}}, tidb)
	for i, n := range small.Nodes {
		require.Equal(t, n, large.Nodes[i])
		require.Equal(t, small.ServerProperties(n), large.ServerProperties(n))
	}
}
