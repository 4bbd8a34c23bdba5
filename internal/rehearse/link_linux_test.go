package rehearse

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab/consumer"
	"github.com/kafkalink/kafkalink/lab/fabric"
)

// zonalLink is that of two brokers in two zones, each at a port of its own.
func zonalLink() (link, fabric.Fabric, []kafka.NodeOutputs) {
	const one, two = "usw2-az1", "usw2-az2"
	nodes := map[string]netip.Addr{one: netip.MustParseAddr("10.0.0.4"), two: netip.MustParseAddr("10.0.64.4")}
	l := link{
		name: "tidb", endpoints: map[string]netip.Addr{one: netip.MustParseAddr("192.168.100.4"), two: netip.MustParseAddr("192.168.100.5")},
		LinkOutputs: kafka.LinkOutputs{
			Service: kafka.EndpointService{ID: "vpce-svc-1"}, BootstrapPorts: []int{9092},
			PortMap: kafka.PortMap{
				{NodeID: 1, EndpointPort: 9093, ListenerPort: 39092, AdvertisedHost: "b1.usw2-az1.abc.aws.plc.tidbcloud.com"},
				{NodeID: 2, EndpointPort: 9094, ListenerPort: 39092, AdvertisedHost: "b2.usw2-az2.abc.aws.plc.tidbcloud.com"},
			},
		},
	}
	f := fabric.Fabric{
		Services: []fabric.Service{{ID: "vpce-svc-1", Zones: nodes}},
		Rules: []fabric.Rule{
			{Name: "kafka-lb in usw2-az1, listener 9093", Frontend: netip.AddrPortFrom(nodes[one], 9093), Targets: []fabric.Target{{Address: netip.MustParseAddrPort("10.0.0.11:39092")}}},
			{Name: "kafka-lb in usw2-az2, listener 9093", Frontend: netip.AddrPortFrom(nodes[two], 9093), Without: "all targets are in other zones"},
			{Name: "kafka-lb in usw2-az1, listener 9094", Frontend: netip.AddrPortFrom(nodes[one], 9094), Without: "all targets are in other zones"},
			{Name: "kafka-lb in usw2-az2, listener 9094", Frontend: netip.AddrPortFrom(nodes[two], 9094), Targets: []fabric.Target{{Address: netip.MustParseAddrPort("10.0.64.12:39092")}}},
		},
	}
	return l, f, []kafka.NodeOutputs{{ID: 1, Address: "10.0.0.11"}, {ID: 2, Address: "10.0.64.12"}}
}

func TestNamesAreInTheirZonesAndTheDomainIsEverywhere(t *testing.T) {
	t.Parallel()
	l, _, _ := zonalLink()
	names := consumer.Names{}
	l.addNames(names)
	one, two := l.endpoints["usw2-az1"], l.endpoints["usw2-az2"]
	require.Equal(t, consumer.Names{
		"*.usw2-az1.abc.aws.plc.tidbcloud.com": {one}, "*.usw2-az2.abc.aws.plc.tidbcloud.com": {two}, "abc.aws.plc.tidbcloud.com": {one, two},
	}, names)
	options := (&stage{}).optionsOf(l)
	require.Equal(t, []string{"192.168.100.4:9092", "192.168.100.5:9092"}, options.Link.Bootstrap)
	require.Equal(t, "192.168.100.4 in usw2-az1, 192.168.100.5 in usw2-az2", l.endpointText())
}

func TestALinkWithoutZonesHasOneAddress(t *testing.T) {
	t.Parallel()
	only := netip.MustParseAddr("192.168.100.4")
	l := link{name: "tidb", endpoints: map[string]netip.Addr{"": only}, LinkOutputs: kafka.LinkOutputs{
		BootstrapPorts: []int{9093}, PortMap: kafka.PortMap{{NodeID: 1, EndpointPort: 9093, AdvertisedHost: "b1.abc.eastus.azure.3199745.tidbcloud.com"}},
	}}
	names := consumer.Names{}
	l.addNames(names)
	require.Equal(t, consumer.Names{"*.abc.eastus.azure.3199745.tidbcloud.com": {only}}, names)
	require.Equal(t, []string{"192.168.100.4:9093"}, (&stage{}).optionsOf(l).Link.Bootstrap)
	require.Equal(t, "192.168.100.4", l.endpointText())
}

// No validation lets that come about: the rehearsal names it all the same.
func TestABrokerThatAdvertisesAnotherZonesNameIsNamed(t *testing.T) {
	t.Parallel()
	l, f, nodes := zonalLink()
	require.Empty(t, (link{endpoints: map[string]netip.Addr{"": {}}}).elsewhere(f, nodes, 9093))
	l.PortMap[0].AdvertisedHost = "b1.usw2-az2.abc.aws.plc.tidbcloud.com"
	require.Equal(t, "; node 1 is in usw2-az1, and advertises itself as b1.usw2-az2.abc.aws.plc.tidbcloud.com, which is in usw2-az2: "+
		"only kafka-lb in usw2-az1, listener 9093 leads to it", l.elsewhere(f, nodes, 9093))

	l, f, nodes = zonalLink()
	f.Rules[0].Targets, f.Rules[1].Targets = nil, f.Rules[3].Targets // swapped listeners
	require.Equal(t, "; kafka-lb in usw2-az2, listener 9093 sends port 9093 to node 2, and node 1 advertises it", l.elsewhere(f, nodes, 9093))
}

func TestANewNameTakesThePlaceOfTheOldOne(t *testing.T) {
	t.Parallel()
	config := func(pattern, key, value string) map[string]any {
		l := map[string]any{"name": "tidb", "pattern": pattern}
		if value != "" {
			l[key] = value
		}
		return map[string]any{"kafkalink:links": []any{map[string]any{"name": "other"}, l}}
	}
	for _, c := range []struct{ about, pattern, key, value, want string }{
		{"not known yet", "<broker_id>.<zone>.<unique_name>.aws:<port>", "uniqueName", "", "kafkalink1"},
		{"known", "<broker_id>.<zone>.<unique_name>.aws:<port>", "uniqueName", "abc", "kafkalink1"},
		{"the drill's own", "<broker_id>.<zone>.<unique_name>.aws:<port>", "uniqueName", "kafkalink1", "kafkalink2"},
		{"random", "<broker_id>.<random>.azure:<port>", "random", "abc", "kafkalink1"},
	} {
		before := config(c.pattern, c.key, c.value)
		after := config(c.pattern, c.key, c.value)
		require.NoError(t, rename(after, "tidb"), c.about)
		require.Equal(t, config(c.pattern, c.key, c.want), after, c.about)
		require.Equal(t, config(c.pattern, c.key, c.value), before, c.about)
	}
	written := config("<broker_id>.abc.azure:<port>", "random", "")
	require.NoError(t, rename(written, "tidb"))
	require.Equal(t, config("<broker_id>.kafkalink1.azure:<port>", "random", ""), written)
	require.Error(t, rename(config("<broker_id>.<zone>.aws:<port>", "random", ""), "tidb"))
	require.Error(t, rename(config("<random>", "random", ""), "nobody"))
}
