package tests

import (
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/aws"
	"github.com/kafkalink/kafkalink/stacks/azure"
	"github.com/kafkalink/kafkalink/stacks/base"
)

// BenchmarkModel decodes and validates a stack's configuration and renders all that its hosts get, for clusters of
// different sizes. What is told is the time of 49 brokers in that of 9: 5.4 would be linear.
func BenchmarkModel(b *testing.B) {
	b.Run("azure", func(b *testing.B) {
		benchmarkModel(b, azureCloud, func(values map[string]any) (base.Stack, kafka.Findings) {
			s, findings := azure.Decode("kafkalink/bench", values)
			return s.Stack, findings
		})
	})
	b.Run("aws", func(b *testing.B) {
		benchmarkModel(b, awsCloud, func(values map[string]any) (base.Stack, kafka.Findings) {
			s, findings := aws.Decode("kafkalink/bench", values)
			return s.Stack, findings
		})
	})
}

func benchmarkModel(b *testing.B, c cloud, decode func(values map[string]any) (base.Stack, kafka.Findings)) {
	took := map[int]float64{}
	for _, brokers := range []int{3, 9, 27, 49} {
		b.Run(fmt.Sprint(brokers), func(b *testing.B) {
			values := modelOf(b, c, brokers)
			for b.Loop() {
				stack, findings := decode(values)
				require.NoError(b, findings.Err())
				render(b, stack)
			}
			took[brokers] = b.Elapsed().Seconds() / float64(b.N)
			if brokers == 49 {
				b.ReportMetric(took[49]/took[9], "x-9-brokers")
			}
		})
	}
}

func modelOf(b *testing.B, c cloud, brokers int) map[string]any {
	b.Helper()
	values := maps.Clone(scenarioConfig(b, c, "documents"))
	cluster := maps.Clone(values["kafkalink:cluster"].(map[string]any))
	cluster["brokers"] = brokers
	values["kafkalink:cluster"] = cluster
	return values
}

func render(b *testing.B, stack base.Stack) {
	b.Helper()
	for i, node := range stack.Cluster.Nodes {
		m := host.Machine{Cluster: stack.Cluster, Node: node, Config: stack.Hosts, Disk: host.Disk{Paths: []string{"/dev/disk/azure/scsi1/lun0"}}}
		userData, err := host.UserData(m)
		require.NoError(b, err)
		payload := host.Configuration(m, host.ConfigurationOptions{Attempt: 1, Next: i+1 < len(stack.Cluster.Nodes)})
		if userData == "" || payload.Script() == "" {
			b.Fatal("nothing was rendered")
		}
		if i == 0 && host.ClusterReady(m, host.ConfigurationOptions{Attempt: 1}).Script() == "" {
			b.Fatal("nothing was rendered")
		}
	}
}
