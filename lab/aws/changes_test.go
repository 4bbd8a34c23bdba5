package aws

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

func TestWithoutARouteThereIsNoWayOut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"network-broker-route", "network-broker-routes-usw2-az1", "network-nat-gateway", "network-public-routes", "network-igw",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := documents(t)
			require.NotEmpty(t, egressOf(t, d, 1).Through)
			d.remove(name)
			require.Equal(t, fabric.Egress{}, egressOf(t, d, 1))
		})
	}
}

func TestTheInternetGatewayIsAWayOutForPublicAddressesAlone(t *testing.T) {
	t.Parallel()
	d := documents(t)
	d.change(func(world *simcloud.World) {
		world.Change(d.ids["network-broker-route"], func(r *simcloud.Resource) {
			delete(r.Properties, "natGatewayId")
			r.Properties["gatewayId"] = d.ids["network-igw"]
		})
	})
	require.Equal(t, fabric.Egress{}, egressOf(t, d, 1))
	d.change(func(world *simcloud.World) {
		world.Put(&simcloud.Resource{ID: "eipalloc-1", Type: tokenEip, Properties: simcloud.Properties{"instance": d.ids[broker(1)]},
			Computed: simcloud.Properties{"publicIp": "198.51.100.77"}})
	})
	got := egressOf(t, d, 1)
	require.Regexp(t, `^internet gateway "`, got.Through)
	require.Equal(t, address("198.51.100.77"), got.Address)
	require.Equal(t, fabric.Egress{}, egressOf(t, d, 2))
}

func egressOf(t *testing.T, d *deployment, n int) fabric.Egress {
	t.Helper()
	interfaces := Read(d.View()).Fabric.Interfaces
	return interfaces[indexOf(t, interfaces, brokerAddress(n))].Egress
}

func TestAGroupWithoutEgressRulesLetsNothingOut(t *testing.T) {
	t.Parallel()
	d := documents(t)
	d.change(func(world *simcloud.World) {
		for _, r := range world.List(tokenEgressRule) {
			world.Delete(r.ID)
		}
	})
	f := Read(d.View()).Fabric
	for _, i := range f.Interfaces {
		requireDenied(t, i.Outbound, i.Address, at("203.0.113.9", 443), true)
	}
	for _, n := range f.Nodes {
		requireDenied(t, n.Outbound, n.Address, at(brokerAddress(1), 39092), true)
	}
}

func TestALoadBalancerWithoutGroupsFiltersNothingAndAnInterfaceHasTheDefaultGroup(t *testing.T) {
	t.Parallel()
	d := documents(t)
	d.set("link-tidb-lb", "securityGroups", nil)
	d.set("brokers-1-nic", "securityGroups", nil)
	f := Read(d.View()).Fabric
	for _, n := range f.Nodes {
		require.Nil(t, n.Inbound)
		require.Nil(t, n.Outbound)
	}
	i := f.Interfaces[indexOf(t, f.Interfaces, brokerAddress(1))]
	require.Equal(t, `security group "default"`, i.Inbound[0].Name)
	requireDenied(t, i.Inbound, address(brokerAddress(2)), at(brokerAddress(1), 22), true)
	requireDenied(t, i.Outbound, i.Address, at("203.0.113.9", 25), false)
}

func TestLoadBalancersFollowTheirProperties(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*deployment)
		check  func(*testing.T, fabric.Fabric)
	}{
		{"enforcement off", func(d *deployment) {
			d.set("link-tidb-lb", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off")
		}, func(t *testing.T, f fabric.Fabric) {
			for _, n := range f.Nodes {
				require.True(t, n.LinkPasses)
			}
		}},
		{"cross-zone on", func(d *deployment) { d.set("link-tidb-lb", "enableCrossZoneLoadBalancing", true) }, func(t *testing.T, f fabric.Fabric) {
			for _, r := range f.Rules {
				require.Len(t, r.Targets, map[bool]int{true: 3, false: 1}[r.Frontend.Port() == 9092], r.Name)
				require.Empty(t, r.Without)
			}
		}},
		{"cross-zone on for one group", func(d *deployment) {
			d.set("link-tidb-for-tidb-1-targets", "loadBalancingCrossZoneEnabled", "true")
		}, func(t *testing.T, f fabric.Fabric) {
			for _, r := range f.Rules {
				if r.Frontend.Port() == 9093 {
					require.Len(t, r.Targets, 1, r.Name)
				}
			}
		}},
		{"a zone's name", func(d *deployment) {
			d.set("link-tidb-for-tidb-1-targets", "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount", "2")
			d.set("link-tidb-for-tidb-1-targets", "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount", 3)
		}, func(t *testing.T, f fabric.Fabric) {
			for _, r := range f.Rules {
				if r.Frontend.Port() == 9093 {
					require.Equal(t, 2, r.KeepsName)
					require.Equal(t, 3, r.FailOpen)
				}
			}
		}},
		{"a health check's own port", func(d *deployment) { d.set("link-tidb-for-tidb-1-targets", "healthCheck.port", "9092") }, func(t *testing.T, f fabric.Fabric) {
			for _, r := range f.Rules {
				if r.Frontend.Port() == 9093 && len(r.Targets) > 0 {
					require.Equal(t, uint16(9092), r.Probe.PortAt(r.Targets[0]))
				}
			}
		}},
		{"a target without a port of its own", func(d *deployment) { d.set("link-tidb-for-tidb-1-target-1", "port", nil) }, func(t *testing.T, f fabric.Fabric) {
			for _, r := range f.Rules {
				if r.Frontend.Port() == 9093 && len(r.Targets) > 0 {
					require.Equal(t, uint16(9092), r.Targets[0].Address.Port(), "the group's")
				}
			}
		}},
		{"no load balancer behind the service", func(d *deployment) { d.set("link-tidb-service", "networkLoadBalancerArns", list{}) }, func(t *testing.T, f fabric.Fabric) {
			require.Equal(t, netip.Addr{}, f.Services[0].FrontendIn("usw2-az1"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := documents(t)
			c.change(d)
			c.check(t, Read(d.View()).Fabric)
		})
	}
}

func TestAConnectionThatWaitsOrIsRejectedIsNotApproved(t *testing.T) {
	t.Parallel()
	d := documents(t)
	service := d.ids["link-tidb-service"]
	d.change(func(world *simcloud.World) {
		_, err := cloud.Connect(world, service, cloud.Endpoint{ID: "vpce-1", Principal: principal, ZoneIDs: zones[:1]})
		require.NoError(t, err)
		require.NoError(t, cloud.Reject(world, service, "vpce-0123456789abcdef0"))
	})
	connections := Read(d.View()).Fabric.Connections
	require.Len(t, connections, 2)
	require.False(t, connections[0].Approved)
	require.Equal(t, "rejected", connections[0].Status)
	require.False(t, connections[1].Approved)
	require.Equal(t, "pendingAcceptance", connections[1].Status)
	require.Equal(t, []string{"usw2-az1"}, connections[1].Zones)
	require.Equal(t, address("172.31.0.10"), connections[1].Client)
}

func TestMachinesAndVolumes(t *testing.T) {
	t.Parallel()
	d := documents(t)
	d.set(broker(1), "instanceType", "m6i.large")
	d.remove("brokers-2-attachment")
	d.change(func(world *simcloud.World) {
		world.Change(d.ids[broker(3)], func(r *simcloud.Resource) { r.Computed["instanceState"] = "stopped" })
	})
	for _, m := range Read(d.View()).Machines {
		switch m.ID {
		case d.ids[broker(1)]:
			require.Equal(t, []string{"/dev/sdf"}, m.Disks[0].Paths, "Nitro: a link of Amazon Linux's")
			require.Equal(t, d.ids["brokers-1-attachment"], m.Disks[0].ID)
			require.Equal(t, d.ids["brokers-1-data"], m.Disks[0].Disk)
		case d.ids[broker(2)]:
			require.Empty(t, m.Disks)
		case d.ids[broker(3)]:
			require.True(t, m.Off)
		}
	}
	d.remove(broker(1))
	f := Read(d.View()).Fabric
	i := f.Interfaces[indexOf(t, f.Interfaces, brokerAddress(1))]
	require.Empty(t, i.Machine, "the interface outlives its instance, and nothing answers")
}

func TestWhatIsNotModelledIsSaid(t *testing.T) {
	t.Parallel()
	const inbound = `security group "kafka-tidb-lb", rule "link-tidb-from-consumers-10-250-0-0-16-9092": `
	for _, c := range []struct {
		name, resource, path string
		value                any
		said                 string
	}{
		{"protocol of a rule", "link-tidb-from-consumers-10-250-0-0-16-9092", "ipProtocol", "50", inbound + `protocol "50" is not modelled, the rule is left out`},
		{"IPv6", "link-tidb-from-consumers-10-250-0-0-16-9092", "cidrIpv4", "fd00::/8", inbound + `"fd00::/8" is not of IPv4, and matches nothing`},
		{"prefix list", "link-tidb-from-consumers-10-250-0-0-16-9092", "cidrIpv4", "pl-123", inbound + `"pl-123" is neither a range nor a security group that exists, and matches nothing`},
		{"ports", "link-tidb-from-consumers-10-250-0-0-16-9092", "toPort", 70000, inbound + `9092 to 70000 are no ports, the rule is left out`},
		{"listener", "link-tidb-listener-9093", "protocol", "TLS", `load balancer "kafka-lb", listener 9093: protocol "TLS" and port 9093 are not modelled, the listener is left out`},
		{"client address", "link-tidb-for-tidb-1-targets", "preserveClientIp", "true", `target group "broker-target-group-1": targets see the load balancer's address, although preserveClientIp is true`},
		{"proxy protocol", "link-tidb-for-tidb-1-targets", "proxyProtocolV2", true, `target group "broker-target-group-1": no proxy protocol header is sent`},
		{"health check", "link-tidb-for-tidb-1-targets", "healthCheck.protocol", "HTTP", `target group "broker-target-group-1": its health check of protocol "HTTP" is asked over TCP only: any answer counts as healthy`},
		{"target", "link-tidb-for-tidb-1-target-1", "targetId", "nobody", `target group "broker-target-group-1": target "nobody", port 39092, is none, and is left out`},
		{"kind of load balancer", "link-tidb-lb", "loadBalancerType", "application", `load balancer "kafka-lb" is no network load balancer, and is left out`},
		{"route", "network-broker-route", "destinationCidrBlock", "10.9.0.0/16", `route table "kafka-vpc-nat-gateway-route-table": its route to 10.9.0.0/16 is left out`},
		{"route to nothing", "network-broker-route", "natGatewayId", "nat-0", `route table "kafka-vpc-nat-gateway-route-table": its route to 0.0.0.0/0 leads to nat-0, which is no gateway that is modelled: it is no way out`},
		{"route table", "network-broker-routes-usw2-az1", "routeTableId", "rtb-0", `subnet "broker-usw2-az1" refers to rtb-0, which does not exist: the reference has no effect`},
		{"subnet of a NAT gateway", "network-nat-gateway", "subnetId", "subnet-0", `NAT gateway "kafka-vpc-nat-gateway" refers to subnet-0, which does not exist: the reference has no effect`},
		{"address of a NAT gateway", "network-nat-gateway", "allocationId", "eipalloc-0", `NAT gateway "kafka-vpc-nat-gateway" refers to eipalloc-0, which does not exist: the reference has no effect`},
		{"snapshot", "brokers-1-data", "snapshotId", "snap-1", `volume "broker-node-1-data": its content (snapshot snap-1) cannot be had, the volume is left out`},
		{"type", broker(1), "instanceType", "z9.huge", `instance "broker-node-1": the memory of type z9.huge is not known`},
		{"key", broker(1), "keyName", "mine", `instance "broker-node-1": key pair "mine" does not exist in the simulated cloud, nobody can log in with it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := documents(t)
			d.set(c.resource, c.path, c.value)
			require.Contains(t, Read(d.View()).Unmodelled, c.said)
		})
	}
}
