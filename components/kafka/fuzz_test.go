package kafka_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// FuzzResolve: no configuration makes Resolve, or what is derived from a
// cluster it accepts, panic; every finding is one line; and an accepted
// cluster's files say what its port map says.
func FuzzResolve(f *testing.F) {
	for _, file := range []string{"invalid.txt", "warnings.txt"} {
		for _, c := range readCases(f, file) {
			f.Add([]byte(c.config))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var config configuration
		if json.Unmarshal(data, &config) != nil {
			t.Skip()
		}
		c, findings := resolve(config.Cluster, config.Links...)
		for _, line := range findings.WarningLines() {
			require.NotContains(t, line, "\n")
		}
		if err := findings.Err(); err != nil {
			require.Nil(t, c)
			require.Len(t, strings.Split(err.Error(), "\n"), len(findings.Errors))
			return
		}
		checkInvariants(t, c)
	})
}

// FuzzLink gets further than JSON does: most of its links are nearly right.
func FuzzLink(f *testing.F) {
	f.Add(tidbPattern, "", "EXTERNAL", 39092, 9092, 0)
	f.Add("<broker_id>.<zone>.<random>.example.com:<port>", "abc", "EXTERNAL2", 39093, 65532, 9092)
	f.Add("b<zone><node_id>:<port>", "0", "A", 9092, -1, 9094)
	f.Fuzz(func(t *testing.T, pattern, random, listener string, listenerPort, portBase, bootstrapPort int) {
		link := kafka.Link{Name: "fuzz", Pattern: pattern, Random: random, Listener: listener,
			ListenerPort: listenerPort, PortBase: portBase, BootstrapPort: bootstrapPort, Endpoint: "shared"}
		other := second
		other.Endpoint = "shared"
		c, findings := resolve(layouts["5-brokers"], link, other)
		if findings.Err() == nil {
			checkInvariants(t, c)
		}
	})
}

// FuzzProperty: an accepted property reads back as it was written, and moves
// no other.
func FuzzProperty(f *testing.F) {
	f.Add("num.io.threads", "8")
	f.Add("ssl.key.password", "${file:/etc/kafka/secrets.properties:key}")
	f.Add("x", "line\nprocess.roles=broker\\")
	f.Add("y", "\\u000aümlaut \u2028 \x85")
	c, findings := resolve(layouts["3-brokers"], tidb)
	require.NoError(f, findings.Err())
	plain := parseProperties(f, c.ServerProperties(c.Nodes[0]))
	f.Fuzz(func(t *testing.T, key, value string) {
		spec := layouts["3-brokers"]
		spec.Properties = map[string]string{key: value}
		c, findings := resolve(spec, tidb)
		if findings.Err() != nil {
			return
		}
		got := parseProperties(t, c.ServerProperties(c.Nodes[0]))
		require.Equal(t, value, got[key])
		for other, want := range plain {
			if other != key && !strings.Contains(key, "replica") && !strings.Contains(key, "isr") {
				require.Equal(t, want, got[other])
			}
		}
	})
}

func checkInvariants(t *testing.T, c *kafka.Cluster) {
	t.Helper()
	require.NoError(t, kafka.ValidClusterID(c.ID))
	require.Len(t, c.RestartOrder(), len(c.Nodes))
	for _, n := range c.Nodes {
		checkAgainstPortMap(t, c, n)
	}
	services := map[string]kafka.EndpointService{}
	ends := map[string]map[int]bool{}
	for _, l := range c.Links {
		services[l.Name] = privateLink
		if ends[l.Endpoint] == nil {
			ends[l.Endpoint] = map[int]bool{}
		}
		ports := []int{}
		for _, r := range c.PortMap(l) {
			ports = append(ports, r.EndpointPort)
		}
		if l.BootstrapPort != 0 {
			ports = append(ports, l.BootstrapPort)
		}
		for _, port := range ports {
			require.False(t, ends[l.Endpoint][port], "port %d twice on endpoint %s", port, l.Endpoint)
			ends[l.Endpoint][port] = true
		}
		h := c.HandOff(l, privateLink)
		require.Contains(t, h.Text(), privateLink.Name)
		require.Contains(t, h.Markdown(), privateLink.Name)
	}
	outputs := c.Outputs("azure", services, func(n kafka.Node) string { return n.Name(c.Name) })
	value, err := outputs.Value()
	require.NoError(t, err)
	back, err := kafka.ParseOutputs(value)
	require.NoError(t, err)
	require.Equal(t, outputs, back)
}
