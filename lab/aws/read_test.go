package aws

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/fabric/fabrictest"
	"github.com/kafkalink/kafkalink/lab/internal/deploytest"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

func TestTheDocumentsSetUpIsReadAsAFabric(t *testing.T) {
	t.Parallel()
	d := documents(t)
	got := Read(d.View())
	require.Empty(t, got.Unmodelled)

	nodes := map[string]netip.Addr{}
	for _, n := range got.Fabric.Nodes {
		nodes[n.Zone] = n.Address
		require.Equal(t, `load balancer "kafka-lb" in `+n.Zone, n.Name)
		require.Contains(t, n.Balancer, ".elb.us-west-2.amazonaws.com")
		require.False(t, n.LinkPasses)
		require.Equal(t, []fabric.Filter{{Name: `security group "kafka-tidb-lb"`, Rules: []fabric.FilterRule{{
			Name: `rule "link-tidb-from-consumers-10-250-0-0-16-9092"`, Allow: true, Protocol: "tcp",
			Sources: []netip.Prefix{netip.MustParsePrefix("10.250.0.0/16")}, DestinationPorts: ports(9092, 9095),
		}}}}, n.Inbound)
		require.Equal(t, []fabric.Filter{{Name: `security group "kafka-tidb-lb"`, Rules: []fabric.FilterRule{{
			Name: `rule "link-tidb-to-brokers-39092"`, Allow: true, Protocol: "tcp",
			Destinations: singles(brokerAddress(1), brokerAddress(2), brokerAddress(3)), DestinationPorts: ports(39092, 39092),
		}}}}, n.Outbound)
	}
	require.Len(t, nodes, 3)

	for n := 1; n <= 3; n++ {
		i := got.Fabric.Interfaces[indexOf(t, got.Fabric.Interfaces, brokerAddress(n))]
		require.Equal(t, fmt.Sprintf(`network interface "broker-node-%d"`, n), i.Name)
		require.Equal(t, d.ids[broker(n)], i.Machine)
		require.Equal(t, d.ids["network-vpc"], i.Network)
		require.Equal(t, netip.MustParsePrefix(fmt.Sprintf("10.0.%d.0/18", 64*(n-1))), i.Subnet)
		require.Regexp(t, `^NAT gateway "`, i.Egress.Through)
		require.Equal(t, "198.51.100", i.Egress.Address.String()[:10])
		requireDenied(t, i.Inbound, nodes["usw2-az1"], at(brokerAddress(n), 39092), false)
		requireDenied(t, i.Inbound, address("10.250.0.10"), at(brokerAddress(n), 39092), true)
		requireDenied(t, i.Inbound, address(brokerAddress(3)), at(brokerAddress(n), 9092), false)
		requireDenied(t, i.Inbound, address("10.0.0.77"), at(brokerAddress(n), 9092), true)
		requireDenied(t, i.Outbound, address(brokerAddress(n)), at("203.0.113.9", 443), false)
		requireDenied(t, i.Outbound, address(brokerAddress(n)), at("203.0.113.9", 25), true)
	}

	require.Len(t, got.Fabric.Rules, 4*3)
	for _, r := range got.Fabric.Rules {
		node, ok := got.Fabric.NodeAt(r.Frontend.Addr())
		require.True(t, ok, r.Name)
		require.Equal(t, fmt.Sprintf("%s, listener %d", node.Name, r.Frontend.Port()), r.Name)
		require.Equal(t, 1, r.FailOpen)
		require.Equal(t, 5*time.Second, r.Probe.Interval)
		require.Equal(t, 2, r.Probe.Threshold)
		require.Equal(t, 2, r.Probe.Silences())
		require.Equal(t, fabric.Idle{After: 350 * time.Second, Resets: true}, r.Idle)
		// Cross-zone is off: a node leads to its own zone's broker alone.
		own := int(node.Zone[len(node.Zone)-1] - '0')
		if listener := int(r.Frontend.Port()); listener != 9092 && listener != 9092+own {
			require.Empty(t, r.Targets, r.Name)
			require.Equal(t, fmt.Sprintf("all targets are in other zones (usw2-az%d), and cross-zone load balancing is off", listener-9092), r.Without)
			require.Zero(t, r.KeepsName)
			continue
		}
		require.Len(t, r.Targets, 1, r.Name)
		require.Equal(t, at(brokerAddress(own), 39092), r.Targets[0].Address)
		require.Equal(t, uint16(39092), r.Probe.PortAt(r.Targets[0]))
		require.Zero(t, r.KeepsName)
	}

	service := d.ids["link-tidb-service"]
	require.Equal(t, []fabric.Service{{
		ID: service, Name: `endpoint service "kafka-pl-service"`, Zones: nodes, Idle: fabric.Idle{After: 350 * time.Second},
	}}, got.Fabric.Services)
	require.Equal(t, []fabric.Connection{{
		ID: service + "/vpce-0123456789abcdef0", Name: `private endpoint "vpce-0123456789abcdef0"`, Service: service, Approved: true, Status: "available",
		Zones: zones, Client: address("10.250.0.10"),
	}}, got.Fabric.Connections)

	require.Len(t, got.Machines, 3)
	for _, m := range got.Machines {
		require.Equal(t, m.ID, m.InstanceID)
		require.Contains(t, string(m.UserData), "#cloud-config\n# brokers-")
		require.Regexp(t, `^ip-10-0-`, m.Hostname)
		require.NotEmpty(t, m.Interface)
		require.Equal(t, 8192, m.MemoryMiB)
		require.True(t, m.Agent && m.ShutsDown && !m.Off)
		require.Len(t, m.Disks, 1)
		require.Equal(t, []string{"/dev/sdf", "/dev/xvdf"}, m.Disks[0].Paths, "t2 is Xen")
	}
	require.Len(t, got.Disks, 3)
	require.Equal(t, 128, got.Disks[0].SizeGiB)
	require.Empty(t, got.Fabric.Strangers())
}

func TestEverySetUpOfTheStackIsModelled(t *testing.T) {
	t.Parallel()
	read := func(t *testing.T, scenario string) fabric.Deployment { return Read(deploy(t, scenario).View()) }
	deploytest.EverySetUp(t, "aws", read, func(t *testing.T, _ string, got fabric.Deployment) {
		for _, said := range got.Unmodelled {
			require.Regexp(t, `key pair "[^"]+" does not exist in the simulated cloud|nothing from the internet reaches its public address`, said)
		}
		require.NotEmpty(t, got.Fabric.Nodes)
	})
}

func TestAnEmptyCloudIsRead(t *testing.T) {
	t.Parallel()
	require.Equal(t, fabric.Deployment{}, fabrictest.Nothing(t, cloud.Cloud(cloud.Account{}), Read))
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	d := documents(t)
	// of several interfaces the second is the primary one
	d.set(broker(1), "networkInterfaces", list{
		map[string]any{"networkInterfaceId": d.ids["brokers-3-nic"], "deviceIndex": 1}, map[string]any{"networkInterfaceId": d.ids["brokers-1-nic"], "deviceIndex": 0},
	})
	fabrictest.Unchanged(t, d.Server, Read)
}

func indexOf(t *testing.T, interfaces []fabric.Interface, text string) int {
	t.Helper()
	for n, i := range interfaces {
		if i.Address == address(text) {
			return n
		}
	}
	require.Fail(t, "no interface has the address "+text)
	return -1
}

func ports(first, last uint16) []fabric.PortRange {
	return []fabric.PortRange{{First: first, Last: last}}
}

func singles(texts ...string) (prefixes []netip.Prefix) {
	for _, text := range texts {
		prefixes = append(prefixes, single(address(text)))
	}
	return prefixes
}

func requireDenied(t *testing.T, filters []fabric.Filter, from netip.Addr, to netip.AddrPort, want bool) {
	t.Helper()
	by, denied := fabric.Denied(filters, "tcp", netip.AddrPortFrom(from, 50000), to)
	require.Equal(t, want, denied, "%s to %s: %s", from, to, by)
}
