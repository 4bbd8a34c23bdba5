package azure

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

func documents(t *testing.T, changes map[string]any) map[string]any {
	t.Helper()
	return stacktest.Documents(t, Cloud, changes)
}

func TestTheDocumentsSetUpIsWhatTheDocumentsSay(t *testing.T) {
	t.Parallel()
	stack, findings := Decode("kafkalink/azure", documents(t, nil))
	require.NoError(t, findings.Err())
	require.Equal(t, "BRl69zcmTFmiPaoaANybiw", stack.Cluster.ID)
	require.Equal(t, "10.0.0.0/16 10.0.0.0/24", stack.Network.AddressSpace+" "+stack.Network.Brokers.CIDR)
	require.Equal(t, "Standard_D2s_v3", stack.Machines.Size)
	for i, n := range stack.Cluster.Nodes {
		require.Equal(t, []string{"broker-node-1", "broker-node-2", "broker-node-3"}[i], stack.Machines.MachineName(n))
		require.Equal(t, []string{"1", "2", "3"}[i], n.Zone)
	}
	link := stack.Cluster.Links[0]
	require.Equal(t, []int{9093, 9094, 9095}, stack.Cluster.BootstrapPorts(link))
	require.Equal(t, "b2.abc.eastus.azure.3199745.tidbcloud.com", stack.Cluster.PortMap(link)[1].AdvertisedHost)
	require.Equal(t, 39092, stack.Cluster.PortMap(link)[1].ListenerPort)
}

func TestAnUnsetClusterIDIsDerivedFromTheStack(t *testing.T) {
	t.Parallel()
	id := func(identity string) string {
		stack, findings := Decode(identity, documents(t, map[string]any{
			"kafkalink:cluster": map[string]any{"name": "kafka", "brokers": 3, "zones": []any{"1", "2", "3"}},
		}))
		require.NoError(t, findings.Err())
		return stack.Cluster.ID
	}
	require.Equal(t, id("project/dev"), id("project/dev"))
	require.NotEqual(t, id("project/dev"), id("project/prod"))
}

func TestAnotherRegionInThePatternIsWarnedOf(t *testing.T) {
	t.Parallel()
	_, findings := Decode("p/s", documents(t, map[string]any{"azure-native:location": "West Europe"}))
	require.NoError(t, findings.Err())
	require.Contains(t, findings.WarningLines(), `links[0].pattern: "<broker_id>.abc.eastus.azure.3199745.tidbcloud.com:<port>": names another region than azure-native:location (westeurope); put the cluster in the consumer's region`)
}

func TestAnOperatorsPermissionIsWarnedOfForAsLongAsItStands(t *testing.T) {
	t.Parallel()
	_, findings := Decode("p/s", documents(t, map[string]any{"kafkalink:operator": map[string]any{"acceptBlankDisk": []any{2}}}))
	require.NoError(t, findings.Err())
	require.Contains(t, findings.WarningLines(), "operator.acceptBlankDisk[0]: 2: as long as this stands, its blank disk may be formatted; remove it when it has served")
}

func TestResourcesAreNamedInTheModelsWords(t *testing.T) {
	t.Parallel()
	stacktest.CheckLabels(t, Label, map[string]string{
		"brokers-12-vm":           "machine of node 12",
		"brokers-1-configuration": "configuration of node 1",
		"brokers-1-cluster-ready": "whole cluster in sync",
		"link-tidb-service":       "Private Link Service of link tidb",
		"network-vnet":            "virtual network",
		"someone-elses":           "",
	}, Restarts, []stacktest.Restart{
		{Name: "brokers-3-vm", Changed: []string{"hardwareProfile.vmSize", "tags.team"}, Want: true},
		{Name: "brokers-3-vm", Want: true},
		{Name: "brokers-3-vm", Changed: []string{"tags.team"}},
		{Name: "brokers-3-configuration", Changed: []string{"source.script"}, Want: true},
		{Name: "brokers-3-nic", Changed: []string{"ipConfigurations[0].primary"}},
	})
	require.True(t, DataDisk("azure-native:compute:Disk", "brokers-1-data"))
	require.False(t, DataDisk("azure-native:compute:VirtualMachine", "brokers-1-data"))
}
