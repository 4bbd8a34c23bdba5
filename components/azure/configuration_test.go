package azure

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestAHostGivesUpBeforeAzureDoes(t *testing.T) {
	t.Parallel()
	cluster, findings := kafka.Resolve(kafka.Spec{Name: "kafka", Zones: []string{"1"}}, nil, kafka.WithIdentity("p/s"),
		kafka.WithAddresses(func(n kafka.Node) (string, error) { return "10.0.0.1" + strconv.Itoa(n.ID), nil }))
	require.NoError(t, findings.Err())
	m := host.Machine{Cluster: cluster, Node: cluster.Nodes[0], Disk: host.Disk{Paths: dataDiskPaths}}
	const margin = 3 * time.Minute // for what the scripts do besides waiting
	require.Less(t, host.Configuration(m, host.ConfigurationOptions{}).Timeout(), longestRun-margin)
	require.Less(t, host.ClusterReady(m, host.ConfigurationOptions{}).Timeout(), longestRun-margin)
}
