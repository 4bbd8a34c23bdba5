package kafka_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestDocumentsPortMap(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{}, tidb)
	require.Equal(t, kafka.PortMap{
		{9093, 1, "EXTERNAL", 39092, "b1.abc.eastus.azure.3199745.tidbcloud.com"},
		{9094, 2, "EXTERNAL", 39092, "b2.abc.eastus.azure.3199745.tidbcloud.com"},
		{9095, 3, "EXTERNAL", 39092, "b3.abc.eastus.azure.3199745.tidbcloud.com"},
	}, c.PortMap(c.Links[0]))
	require.Equal(t, []int{9093, 9094, 9095}, c.BootstrapPorts(c.Links[0]))
}

func TestSharedBootstrapPort(t *testing.T) {
	t.Parallel()
	link := tidb
	link.BootstrapPort = 9092
	c := mustResolve(t, kafka.Spec{}, link)
	require.Equal(t, []int{9092}, c.BootstrapPorts(c.Links[0]))
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, pattern, random, want, filled string }{
		{"AWS: zone", "<broker_id>.<zone>.name.aws.plc.tidbcloud.com:<port>", "", "b2.usw2-az2.name.aws.plc.tidbcloud.com",
			"<broker_id>.<zone>.name.aws.plc.tidbcloud.com:<port>"},
		{"random", "<broker_id>.<random>.us-west1.gcp.3199745.tidbcloud.com:<port>", "abc", "b2.abc.us-west1.gcp.3199745.tidbcloud.com",
			"<broker_id>.abc.us-west1.gcp.3199745.tidbcloud.com:<port>"},
		{"bare node id", "kafka-<node_id>.example.com:<port>", "", "kafka-2.example.com", "kafka-<node_id>.example.com:<port>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := mustResolve(t, kafka.Spec{Zones: []string{"usw2-az1", "usw2-az2"}},
				kafka.Link{Name: "x", Pattern: test.pattern, Random: test.random})
			require.Equal(t, test.want, c.PortMap(c.Links[0])[1].AdvertisedHost)
			require.Equal(t, test.filled, c.Links[0].AdvertisedPattern())
		})
	}
}

// Every broker that stays keeps its port when another goes or comes.
func TestPortsStayWithTheirBrokers(t *testing.T) {
	t.Parallel()
	nodes := mustResolve(t, kafka.Spec{Brokers: 6}).Nodes
	before := mustResolve(t, kafka.Spec{Nodes: nodes}, tidb)
	for removed := range nodes {
		if nodes[removed].IsController() {
			continue // The quorum is static.
		}
		without := slices.Delete(slices.Clone(nodes), removed, removed+1)
		after := mustResolve(t, kafka.Spec{Nodes: without}, tidb)
		want := slices.DeleteFunc(before.PortMap(before.Links[0]), func(r kafka.Route) bool { return r.NodeID == nodes[removed].ID })
		require.Equal(t, want, after.PortMap(after.Links[0]), "without node %d", nodes[removed].ID)
	}
	added := append(slices.Clone(nodes), kafka.Node{ID: 50, Roles: []kafka.Role{kafka.RoleBroker}})
	after := mustResolve(t, kafka.Spec{Nodes: added}, tidb)
	ports := after.PortMap(after.Links[0])
	require.Equal(t, before.PortMap(before.Links[0]), ports[:6])
	require.Equal(t, 9142, ports[6].EndpointPort)
}

func TestSeparateControllersHaveNoRoute(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{Controllers: kafka.Controllers{Separate: true, FirstID: 60000}}, tidb)
	require.Len(t, c.PortMap(c.Links[0]), 3)
}
