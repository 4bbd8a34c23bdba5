package network

import (
	"net/netip"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

// Ids of the test's world: three brokers behind one private link service, as a deployment has them.
const (
	broker0 = "/nics/kafka-0"
	broker1 = "/nics/kafka-1"
	broker2 = "/nics/kafka-2"
	tidb    = "/connections/tidb"
)

var (
	prober  = netip.MustParseAddr("168.63.129.16")
	mirror  = netip.MustParseAddr("203.0.113.10")
	outside = netip.MustParseAddr("198.51.100.7")
	source  = netip.MustParseAddr("10.0.2.4")

	frontend = netip.MustParseAddr("10.0.1.4")
	loopback = netip.MustParseAddr("127.0.0.1")
	brokers  = netip.MustParsePrefix("10.0.1.0/24")
)

// world gives the fabric of three brokers, each behind a port of the endpoint. Every call gives a new one.
func world() fabric.Fabric {
	f := fabric.Fabric{
		Prober: prober,
		Services: []fabric.Service{{
			ID: "/pls/kafka", Name: `private link service "kafka-pls"`, Frontend: frontend, Sources: []netip.Addr{source},
		}},
		Connections: []fabric.Connection{{
			ID: tidb, Name: `private endpoint "tidb"`, Service: "/pls/kafka", Approved: true, Status: "Approved",
		}},
	}
	for n, id := range []string{broker0, broker1, broker2} {
		name := []string{"kafka-0", "kafka-1", "kafka-2"}[n]
		address := netip.AddrFrom4([4]byte{10, 0, 1, byte(10 + n)})
		f.Interfaces = append(f.Interfaces, fabric.Interface{
			ID: id, Name: `network interface "` + name + `"`, Machine: "/vms/" + name, Network: "/vnets/kafka",
			Address: address, Subnet: brokers,
			Inbound: []fabric.Filter{inbound()}, Outbound: []fabric.Filter{outbound()},
			Egress: fabric.Egress{Through: `NAT gateway "kafka-nat"`, Address: outside},
		})
		f.Rules = append(f.Rules, fabric.Rule{
			Name:     `load balancer "kafka-lb", rule "` + name + `"`,
			Frontend: netip.AddrPortFrom(frontend, uint16(9093+n)),
			Targets:  []fabric.Target{{Interface: id, Address: netip.AddrPortFrom(address, 9093)}},
		})
	}
	return f
}

func inbound() fabric.Filter {
	return fabric.Filter{Name: `network security group "kafka-nsg"`, Rules: []fabric.FilterRule{
		{
			Name: `rule "allow-link" (priority 100)`, Allow: true, Protocol: "tcp",
			Sources:          []netip.Prefix{netip.MustParsePrefix("10.0.2.0/24")},
			DestinationPorts: []fabric.PortRange{{First: 9093, Last: 9095}, {First: 9100, Last: 9100}},
		},
		{
			Name: `rule "allow-internal" (priority 110)`, Allow: true, Protocol: "tcp",
			Sources: []netip.Prefix{brokers}, Destinations: []netip.Prefix{brokers},
			DestinationPorts: []fabric.PortRange{{First: 9091, Last: 9092}},
		},
		{
			Name: `rule "AllowAzureLoadBalancerInBound" (priority 65001)`, Allow: true,
			Sources: []netip.Prefix{single(prober)},
		},
		{Name: `rule "DenyAllInBound" (priority 65500)`},
	}}
}

func outbound() fabric.Filter {
	return fabric.Filter{Name: `network security group "kafka-nsg"`, Rules: []fabric.FilterRule{
		{
			Name: `rule "AllowVnetOutBound" (priority 65000)`, Allow: true,
			Sources:      []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")},
			Destinations: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")},
		},
		{Name: `rule "AllowInternetOutBound" (priority 65001)`, Allow: true},
	}}
}

// probed has a world's rules ask their targets as often as a test can bear.
func probed(f fabric.Fabric) fabric.Fabric {
	for n := range f.Rules {
		f.Rules[n].Probe = fabric.Probe{
			Name: `probe "kafka"`, Port: f.Rules[n].Targets[0].Address.Port(), Interval: 50 * time.Millisecond, Threshold: 2,
		}
	}
	return f
}

// calm has the rules that have targets ask them once and then rarely, so that a slow machine does not change a verdict:
// targets are to answer before it is applied.
func calm(f fabric.Fabric) fabric.Fabric {
	for n, r := range f.Rules {
		if len(r.Targets) > 0 {
			f.Rules[n].Probe = fabric.Probe{Name: `probe "kafka"`, Port: 9093, Interval: time.Minute, Threshold: 1}
		}
	}
	return f
}

func mustAddrPort(text string) netip.AddrPort { return netip.MustParseAddrPort(text) }
