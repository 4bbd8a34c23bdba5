package azure

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

var update = flag.Bool("update", false, "write schema.json anew")

func TestSchemaIsWhatConfigSays(t *testing.T) {
	want := stacktest.Schema(t, Cloud, "Kafka on Azure", &Config{})
	if *update {
		require.NoError(t, os.WriteFile("schema.json", want, 0o644))
		return
	}
	require.Equal(t, string(want), string(Schema), "run `make golden`")
}

func TestSchemaOfAStacksFile(t *testing.T) {
	t.Parallel()
	stacktest.CheckSchema(t, Schema, []string{
		"../../Pulumi.azure.yaml", "../../templates/azure/Pulumi.dev.yaml", "../../tests/testdata/azure/five-brokers/stack.yaml",
		"../../tests/testdata/azure/own-network/stack.yaml", "../../tests/testdata/azure/separate-controllers/stack.yaml",
	}, map[string]string{
		"config: {kafkalink:cloud: azure, kafkalink:clutser: {}}":                           "kafkalink:clutser",
		"config: {kafkalink:cloud: azure, kafkalink:cluster: {borkers: 3}}":                 "borkers",
		"config: {kafkalink:cloud: azure, kafkalink:cluster: {brokers: three}}":             "integer",
		"config: {kafkalink:cloud: azure, kafkalink:links: [{name: tidb, portbase: 9092}]}": "portbase",
		"config: {azure-native:location: eastus}":                                           "kafkalink:cloud",
	})
}
