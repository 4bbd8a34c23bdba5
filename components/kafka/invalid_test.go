package kafka_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestInvalidConfigurationGetsExactText(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(readCases(t, "invalid.txt")), 60)
	checkCases(t, "invalid.txt", func(config configuration) string {
		_, findings := resolve(config.Cluster, config.Links...)
		require.Error(t, findings.Err())
		return findings.Err().Error()
	})
}

const nothing = "(nothing)"

func TestWarningsGetExactTextAndForbidNothing(t *testing.T) {
	t.Parallel()
	checkCases(t, "warnings.txt", func(config configuration) string {
		c, findings := resolve(config.Cluster, config.Links...)
		require.NoError(t, findings.Err())
		require.NotNil(t, c)
		if len(findings.Warnings) == 0 {
			return nothing
		}
		return strings.Join(findings.WarningLines(), "\n")
	})
}

// Every line of an error tells the rule and, after a semicolon, what to do.
func TestEveryProblemHasARemedy(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"invalid.txt", "warnings.txt"} {
		for _, c := range readCases(t, file) {
			if c.want == nothing {
				continue
			}
			for line := range strings.Lines(c.want) {
				require.Equal(t, 1, strings.Count(line, "; "), line)
				require.Regexp(t, `^(cluster|links)\S*: .+; .+`, strings.TrimSpace(line), c.name)
			}
		}
	}
}

func TestInvalidConfigurationGivesNoCluster(t *testing.T) {
	t.Parallel()
	c, findings := resolve(kafka.Spec{Brokers: -1})
	require.Nil(t, c)
	var invalid *kafka.InvalidError
	require.ErrorAs(t, findings.Err(), &invalid)
	require.Equal(t, findings.Errors, invalid.Errors)
}

func TestNodesWithoutAddress(t *testing.T) {
	t.Parallel()
	listed := kafka.Spec{Nodes: []kafka.Node{
		{ID: 1, Roles: []kafka.Role{"broker", "controller"}, Address: "10.0.0.1"},
		{ID: 7, Roles: []kafka.Role{"broker"}},
	}}
	full := func(n kafka.Node) (string, error) {
		if n.ID == 7 || n.ID == 2 {
			return "", errors.New("the subnet\nis full")
		}
		return inSubnet(n)
	}
	none := func(kafka.Node) (string, error) { return "", nil }
	for _, test := range []struct {
		name string
		spec kafka.Spec
		opts []kafka.Option
		want string
	}{
		{"listed, nobody to ask", listed, nil,
			"cluster.nodes[1].address: Required value: other nodes need an address to reach this one; set an IPv4 address or a DNS name"},
		{"counted, nobody to ask", kafka.Spec{Controllers: kafka.Controllers{Count: 1, Separate: true}}, nil,
			"cluster.brokers: Invalid value: 3: nothing assigns addresses to nodes 1, 2, 3; list them with their addresses under cluster.nodes\n" +
				"cluster.controllers.count: Invalid value: 1: nothing assigns addresses to nodes 101; list them with their addresses under cluster.nodes"},
		{"listed, refused", listed, []kafka.Option{kafka.WithAddresses(full)},
			"cluster.nodes[1].address: Required value: node 7 gets no address: the subnet is full; make room in the brokers' network, or set cluster.nodes with addresses"},
		{"counted, refused", kafka.Spec{}, []kafka.Option{kafka.WithAddresses(full)},
			"cluster.brokers: Invalid value: 2: node 2 gets no address: the subnet is full; make room in the brokers' network, or set cluster.nodes with addresses"},
		{"empty answer", kafka.Spec{Brokers: 1}, []kafka.Option{kafka.WithAddresses(none)},
			"cluster.brokers: Invalid value: 1: node 1 gets no address: none was assigned; make room in the brokers' network, or set cluster.nodes with addresses"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, findings := kafka.Resolve(test.spec, nil, append(test.opts, kafka.WithIdentity("o/p/s"))...)
			require.EqualError(t, findings.Err(), test.want)
		})
	}
}

func TestClusterIDNeedsAnIdentity(t *testing.T) {
	t.Parallel()
	_, findings := kafka.Resolve(kafka.Spec{}, nil, kafka.WithAddresses(inSubnet))
	require.EqualError(t, findings.Err(), "cluster.id: Required value: there is no identity to derive a cluster id from; use what `kafka-storage.sh random-uuid` prints")
}

func TestSecretsAreNotRepeatedInErrors(t *testing.T) {
	t.Parallel()
	for key, value := range map[string]string{
		"ssl.keystore.password":    "hunter2",
		"some.option":              `PlainLoginModule required password="hunter2";`,
		`jaas password="hunter2"`:  "x",
		"ssl.truststore.passwords": "hunter2\n",
	} {
		_, findings := resolve(kafka.Spec{Properties: map[string]string{key: value}})
		require.Error(t, findings.Err(), key)
		require.NotContains(t, findings.Err().Error(), "hunter2", key)
	}
}
