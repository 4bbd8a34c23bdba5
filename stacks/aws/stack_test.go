package aws

import (
	"maps"
	"strings"
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

func TestWhatMayBeMeantIsWarnedOf(t *testing.T) {
	t.Parallel()
	for want, changes := range map[string]map[string]any{
		"cluster.zones[0]: \"usw2-az1\": does not look like a zone of eu-west-1, whose ids begin with euw1; compare it with the consumer's region": {"aws:region": "eu-west-1"},
		"links[0].principals[0]: \"*\": anyone who learns the service's name can ask for a connection; list the consumer's account instead": {
			"kafkalink:links": []any{link(map[string]any{"principals": []any{"*"}})}},
		"links[0].idleTimeoutSeconds: 60: forgets idle connections before hosts ask after them, every two minutes; leave it out, or choose 150 or more": {
			"kafkalink:links": []any{link(map[string]any{"idleTimeoutSeconds": 60})}},
		"links[0].idleTimeoutSeconds: 351: is longer than instances of the newest types (Nitro v6, such as m8i) keep an idle connection, which is 350 seconds: it would end unseen; leave it out, or choose 350 or less": {
			"kafkalink:links": []any{link(map[string]any{"idleTimeoutSeconds": 351})}},
		"links[0].pattern: \"<broker_id>.<unique_name>.aws.plc.tidbcloud.com:<port>\": names no zone, and brokers are in 3: a consumer that comes to a broker by another zone's address gets no answer; put <zone> where the consumer has the zone's id, or set crossZone": {
			"kafkalink:links": []any{link(map[string]any{"pattern": "<broker_id>.<unique_name>.aws.plc.tidbcloud.com:<port>"})}},
		"network.outbound: \"none\": leaves a new network without a way to Systems Manager, by which brokers are configured; make endpoints of ssm, ssmmessages and ec2messages in it before the brokers, or choose natGateway": {
			"kafkalink:network": map[string]any{"outbound": "none"}},
	} {
		_, findings := Decode("p/s", stacktest.Documents(t, Cloud, changes))
		require.NoError(t, findings.Err(), want)
		require.Contains(t, findings.WarningLines(), want)
	}
	// Across zones every node leads to every broker.
	_, crossing := Decode("p/s", stacktest.Documents(t, Cloud, map[string]any{
		"kafkalink:links": []any{link(map[string]any{"pattern": "<broker_id>.<unique_name>.aws.plc.tidbcloud.com:<port>", "crossZone": true})}}))
	require.NoError(t, crossing.Err())
	require.NotContains(t, strings.Join(crossing.WarningLines(), "\n"), "names no zone")
	// The user's own network has a way out of its own.
	_, findings := Decode("p/s", stacktest.Documents(t, Cloud, map[string]any{"kafkalink:network": map[string]any{"brokerSubnets": []any{
		map[string]any{"zone": "usw2-az1", "id": "subnet-0123456789abcdef0", "cidr": "10.0.0.0/24"},
		map[string]any{"zone": "usw2-az2", "id": "subnet-0123456789abcdef1", "cidr": "10.0.1.0/24"},
		map[string]any{"zone": "usw2-az3", "id": "subnet-0123456789abcdef2", "cidr": "10.0.2.0/24"},
	}}}))
	require.NoError(t, findings.Err())
	require.NotContains(t, strings.Join(findings.WarningLines(), "\n"), "Systems Manager")
}

// link is a valid one, with some of its settings replaced.
func link(changes map[string]any) map[string]any {
	settings := map[string]any{
		"name": "tidb", "pattern": "<broker_id>.<zone>.<unique_name>.aws.plc.tidbcloud.com:<port>", "bootstrapPort": 9092,
		"principals": []any{"arn:aws:iam::111122223333:root"}, "consumers": []any{"10.250.0.0/16"},
	}
	maps.Copy(settings, changes)
	return settings
}

func TestNodesInAnotherRegionsZonesAreWarnedOf(t *testing.T) {
	t.Parallel()
	node := func(id int, zone, address string) map[string]any {
		return map[string]any{"id": id, "roles": []any{"broker", "controller"}, "zone": zone, "address": address}
	}
	_, findings := Decode("p/s", stacktest.Documents(t, Cloud, map[string]any{
		"aws:region": "eu-west-1",
		"kafkalink:cluster": map[string]any{"name": "kafka", "nodes": []any{
			node(1, "usw2-az1", "10.0.0.11"), node(2, "usw2-az2", "10.0.64.12"), node(3, "usw2-az3", "10.0.128.13"),
		}},
	}))
	require.NoError(t, findings.Err())
	require.Contains(t, findings.WarningLines(), "cluster.nodes[2].zone: \"usw2-az3\": does not look like a zone of eu-west-1, whose ids begin with euw1; compare it with the consumer's region")
}

func TestResourcesAreNamedInTheModelsWords(t *testing.T) {
	t.Parallel()
	stacktest.CheckLabels(t, Label, map[string]string{
		"brokers-12-vm":                       "machine of node 12",
		"brokers-1-attachment":                "attachment of the data volume of node 1",
		"brokers-1-configuration":             "configuration of node 1",
		"brokers-1-cluster-ready-report":      "report of node 1",
		"brokers-2-policy":                    "policy of node 2",
		"brokers-3-data":                      "data volume of node 3",
		"link-tidb-service":                   "VPC endpoint service of link tidb",
		"link-a-listener-9094":                "listener of endpoint a on port 9094",
		"link-a-for-b-bootstrap-target-2":     "bootstrap target of link b, broker 2",
		"link-a-from-lb-39092":                "security group rule of link a",
		"network-from-cluster-9092":           "rule of the brokers' security group",
		"network-broker-subnet-usw2-az1":      "brokers' subnet in usw2-az1",
		"network-nat-gateway-ip":              "NAT gateway's address",
		"network-bastion-from-203-0-113-7-32": "rule of the bastion's security group",
		"someone-elses":                       "",
	}, Restarts, []stacktest.Restart{
		{Name: "brokers-3-vm", Changed: []string{"instanceType", "tags.team"}, Want: true},
		{Name: "brokers-3-vm", Want: true},
		{Name: "brokers-3-vm", Changed: []string{"tags.team"}},
		{Name: "brokers-3-attachment", Changed: []string{"instanceId"}, Want: true},
		{Name: "brokers-3-configuration", Changed: []string{"parameters.payload"}, Want: true},
		{Name: "brokers-3-nic", Changed: []string{"description"}},
	})
	require.True(t, DataDisk("aws:ebs/volume:Volume", "brokers-1-data"))
	require.False(t, DataDisk("aws:ec2/instance:Instance", "brokers-1-data"))
	require.Equal(t, []string{"insecureValue", "value", "version"}, Theirs("aws:ssm/parameter:Parameter"))
	require.Empty(t, Theirs("aws:ebs/volume:Volume"))
}
