package aws

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

func TestTheDocumentsSetUpIsWhatTheDocumentsSay(t *testing.T) {
	t.Parallel()
	stack, findings := Decode("kafkalink/aws", stacktest.Documents(t, Cloud, nil))
	require.NoError(t, findings.Err())
	require.Equal(t, []string{"links[0].uniqueName: until it is known, the consumer connects and reaches no broker by its name; let the consumer connect, then run `kafkalink bind --link tidb --unique-name NAME` with the name that it shows"}, findings.WarningLines()[1:], findings.WarningLines())
	require.Equal(t, "t2.large", stack.Machines.Type)
	require.Equal(t, "amazon-linux-2023", stack.Hosts.Distribution)
	for i, n := range stack.Cluster.Nodes {
		require.Equal(t, []string{"broker-node-1", "broker-node-2", "broker-node-3"}[i], stack.Machines.MachineName(n))
		require.Equal(t, []string{"usw2-az1", "usw2-az2", "usw2-az3"}[i], n.Zone)
		require.Equal(t, []string{"10.0.0.11", "10.0.64.12", "10.0.128.13"}[i], n.Address)
	}
	link := stack.Cluster.Links[0]
	require.Equal(t, []int{9092}, stack.Cluster.BootstrapPorts(link))
	route := stack.Cluster.PortMap(link)[1]
	require.Equal(t, "b2.usw2-az2.unique_name.aws.plc.tidbcloud.com", route.AdvertisedHost)
	require.Equal(t, 9094, route.EndpointPort)
	require.Equal(t, 39092, route.ListenerPort)
}

func TestWhatIsLeftOutIsCutFromTheAddressSpace(t *testing.T) {
	t.Parallel()
	stack, findings := Decode("p/s", stacktest.Documents(t, Cloud, map[string]any{"kafkalink:network": nil}))
	require.NoError(t, findings.Err())
	var cidrs []string
	for _, s := range stack.Network.Brokers {
		cidrs = append(cidrs, s.Zone+" "+s.CIDR)
	}
	require.Equal(t, []string{"usw2-az1 10.0.0.0/18", "usw2-az2 10.0.64.0/18", "usw2-az3 10.0.128.0/18"}, cidrs)
	require.Equal(t, "usw2-az1 10.0.192.0/18", stack.Network.Public.Zone+" "+stack.Network.Public.CIDR)
}
