package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestOutputsComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, layouts["separate-controllers"], tidb, second)
	outputs := c.Outputs("azure", map[string]kafka.EndpointService{"tidb": privateLink, "second": privateLink}, func(n kafka.Node) string { return n.Name("kafka") })
	require.Equal(t, privateLink.Name, outputs.Links["tidb"].Alias)
	require.Equal(t, "kafka-controller-101", outputs.Cluster.Nodes[3].Name)
	value, err := outputs.Value()
	require.NoError(t, err)
	back, err := kafka.ParseOutputs(value)
	require.NoError(t, err)
	require.Equal(t, outputs, back)
}

func TestParseOutputsRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		value any
		want  string
	}{
		{"no output", nil, "the stack has no output \"kafkalink\": nothing was deployed yet, or not by kafkalink; run `kafkalink up`"},
		{"a later version", map[string]any{"version": 2.0, "links": "changed"},
			"the stack's output \"kafkalink\" has version 2, and this kafkalink reads version 1: use the kafkalink that deployed the stack, or run `kafkalink up` with this one"},
		{"no version", map[string]any{"cloud": "azure"},
			"the stack's output \"kafkalink\" is not what kafkalink exports: it has no version; run `kafkalink up` to export it anew"},
		{"a text", "version 1",
			"the stack's output \"kafkalink\" is not what kafkalink exports: json: cannot unmarshal string into Go value of type struct { Version *int \"json:\\\"version\\\"\" }; run `kafkalink up` to export it anew"},
		{"ill-typed", map[string]any{"version": 1.0, "cloud": 7},
			"the stack's output \"kafkalink\" is not what kafkalink exports: json: cannot unmarshal number into Go struct field Outputs.cloud of type string; run `kafkalink up` to export it anew"},
		{"no data at all", func() {},
			"the stack's output \"kafkalink\" is not what kafkalink exports: json: unsupported type: func(); run `kafkalink up` to export it anew"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := kafka.ParseOutputs(test.value)
			require.EqualError(t, err, test.want)
		})
	}
}

func TestParseOutputsToleratesNewFields(t *testing.T) {
	t.Parallel()
	o, err := kafka.ParseOutputs(map[string]any{"version": 1, "cloud": "azure", "later": true})
	require.NoError(t, err)
	require.Equal(t, "azure", o.Cloud)
}
