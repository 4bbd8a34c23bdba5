package azure

import (
	"testing"

	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

func TestSchemaIsWhatConfigSays(t *testing.T) {
	stacktest.CheckConfig(t, Cloud, "Kafka on Azure", &Config{}, Schema)
}

func TestSchemaOfAStacksFile(t *testing.T) {
	t.Parallel()
	stacktest.CheckSchema(t, Cloud, Schema, map[string]string{
		"config: {kafkalink:cloud: azure, kafkalink:clutser: {}}":                           "kafkalink:clutser",
		"config: {kafkalink:cloud: azure, kafkalink:cluster: {borkers: 3}}":                 "borkers",
		"config: {kafkalink:cloud: azure, kafkalink:cluster: {brokers: three}}":             "integer",
		"config: {kafkalink:cloud: azure, kafkalink:links: [{name: tidb, portbase: 9092}]}": "portbase",
		"config: {azure-native:location: eastus}":                                           "kafkalink:cloud",
	})
}
