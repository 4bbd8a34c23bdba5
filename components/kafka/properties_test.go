package kafka_test

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// parseProperties reads a file as java.util.Properties does, as far as it is
// used: comments, key=value, backslash escapes. A key twice fails.
func parseProperties(t testing.TB, text string) map[string]string {
	t.Helper()
	parsed := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		require.True(t, ok, "no key=value: %q", line)
		require.NotContains(t, parsed, key)
		parsed[key] = unescape(t, strings.TrimLeft(value, " "))
	}
	return parsed
}

func unescape(t testing.TB, value string) string {
	t.Helper()
	var units []uint16
	for i := 0; i < len(value); i++ {
		switch {
		case value[i] >= 0x80:
			t.Fatalf("not ASCII: %q", value)
		case value[i] != '\\':
			units = append(units, uint16(value[i]))
		case value[i+1] == 'u':
			unit, err := strconv.ParseUint(value[i+2:i+6], 16, 16)
			require.NoError(t, err)
			units = append(units, uint16(unit))
			i += 5
		default:
			i++
			units = append(units, uint16(value[i]))
		}
	}
	return string(utf16.Decode(units))
}

// endpoints reads "NAME://host:port,..." into name -> host:port.
func endpoints(t testing.TB, list string) map[string]string {
	t.Helper()
	parsed := map[string]string{}
	if list == "" {
		return parsed
	}
	for _, item := range strings.Split(list, ",") {
		name, address, ok := strings.Cut(item, "://")
		require.True(t, ok, item)
		require.NotContains(t, parsed, name)
		parsed[name] = address
	}
	return parsed
}

// checkAgainstPortMap reads a node's server.properties back: what it listens on
// and advertises is what the port map says, and what Kafka demands of its role
// (kafka.server.KafkaConfig, 3.7) holds.
func checkAgainstPortMap(t testing.TB, c *kafka.Cluster, n kafka.Node) {
	t.Helper()
	p := parseProperties(t, c.ServerProperties(n))
	listens, advertises := endpoints(t, p["listeners"]), endpoints(t, p["advertised.listeners"])
	require.Equal(t, strconv.Itoa(n.ID), p["node.id"])
	require.Equal(t, c.Voters(), p["controller.quorum.voters"])

	wantListens, wantAdvertises := map[string]string{}, map[string]string{}
	if n.IsController() {
		bind := n.Address // a name cannot be bound to everywhere it resolves
		if net.ParseIP(bind) == nil {
			bind = "0.0.0.0"
		}
		wantListens["CONTROLLER"] = fmt.Sprintf("%s:%d", bind, c.Ports.Controller)
	}
	if n.IsBroker() {
		wantListens["INTERNAL"] = fmt.Sprintf("0.0.0.0:%d", c.Ports.Internal)
		wantAdvertises["INTERNAL"] = fmt.Sprintf("%s:%d", n.Address, c.Ports.Internal)
		for _, l := range c.Links {
			routes := c.PortMap(l)
			at := slices.IndexFunc(routes, func(r kafka.Route) bool { return r.NodeID == n.ID })
			require.GreaterOrEqual(t, at, 0, "link %s has no route to broker %d", l.Name, n.ID)
			wantListens[routes[at].Listener] = fmt.Sprintf("0.0.0.0:%d", routes[at].ListenerPort)
			wantAdvertises[routes[at].Listener] = fmt.Sprintf("%s:%d", routes[at].AdvertisedHost, routes[at].EndpointPort)
		}
	}
	require.Equal(t, wantListens, listens)
	require.Equal(t, wantAdvertises, advertises)

	protocols := p["listener.security.protocol.map"]
	for name := range listens {
		require.Contains(t, protocols, name+":PLAINTEXT")
	}
	require.Contains(t, protocols, p["controller.listener.names"]+":PLAINTEXT")
	_, setsAdvertised := p["advertised.listeners"]
	require.Equal(t, n.IsBroker(), setsAdvertised, "advertised.listeners is for brokers only")
	require.Equal(t, n.IsBroker(), p["inter.broker.listener.name"] == "INTERNAL")
}

var (
	zones   = []string{"1", "2", "3"}
	second  = kafka.Link{Name: "second", Pattern: "<broker_id>.<zone>.<random>.example.com:<port>", Random: "xyz", PortBase: 19092}
	layouts = map[string]kafka.Spec{
		"3-brokers":            {Zones: zones},
		"5-brokers":            {Zones: zones, Brokers: 5},
		"separate-controllers": {Zones: zones, Controllers: kafka.Controllers{Separate: true}},
	}
)

func TestServerPropertiesAgreeWithPortMap(t *testing.T) {
	t.Parallel()
	for name, spec := range layouts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mustResolve(t, spec, tidb, second)
			for _, n := range c.Nodes {
				checkAgainstPortMap(t, c, n)
			}
		})
	}
}

func TestServerPropertiesGolden(t *testing.T) {
	t.Parallel()
	for file, node := range map[string]struct {
		layout string
		id     int
	}{
		"combined.properties":   {"3-brokers", 1},
		"broker.properties":     {"5-brokers", 5},
		"controller.properties": {"separate-controllers", 102},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			c := mustResolve(t, layouts[node.layout], tidb, second)
			n, found := c.Node(node.id)
			require.True(t, found)
			golden(t, file, c.ServerProperties(n))
		})
	}
}

func TestReplicationFollowsBrokersAndOverrides(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		brokers   int
		overrides map[string]string
		want      string // replication, min ISR; of transactions; of offsets
	}{
		{"one broker", 1, nil, "1 1; 1 1; 1"},
		{"two brokers", 2, nil, "2 1; 2 1; 2"},
		{"three brokers", 3, nil, "3 2; 3 2; 3"},
		{"seven brokers", 7, nil, "3 2; 3 2; 3"},
		{"one copy", 3, map[string]string{"default.replication.factor": "1"}, "1 1; 3 2; 3"},
		{"five copies", 5, map[string]string{"default.replication.factor": "5"}, "5 2; 3 2; 3"},
		{"min ISR of three", 5, map[string]string{"default.replication.factor": "5", "min.insync.replicas": "3"}, "5 3; 3 2; 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := mustResolve(t, kafka.Spec{Brokers: test.brokers, Properties: test.overrides})
			p := parseProperties(t, c.ServerProperties(c.Nodes[0]))
			got := fmt.Sprintf("%s %s; %s %s; %s", p["default.replication.factor"], p["min.insync.replicas"],
				p["transaction.state.log.replication.factor"], p["transaction.state.log.min.isr"], p["offsets.topic.replication.factor"])
			require.Equal(t, test.want, got)
		})
	}
}
