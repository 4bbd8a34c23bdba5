package aws

import (
	"testing"

	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

func TestSchemaIsWhatConfigSays(t *testing.T) {
	stacktest.CheckConfig(t, Cloud, "Kafka on AWS", &Config{}, Schema)
}

func TestSchemaOfAStacksFile(t *testing.T) {
	t.Parallel()
	stacktest.CheckSchema(t, Cloud, Schema, map[string]string{
		"config: {kafkalink:cloud: aws, kafkalink:clutser: {}}":                            "kafkalink:clutser",
		"config: {kafkalink:cloud: aws, kafkalink:machines: {typ: t2.large}}":              "typ",
		"config: {kafkalink:cloud: aws, kafkalink:cluster: {brokers: three}}":              "integer",
		"config: {kafkalink:cloud: aws, kafkalink:links: [{name: tidb, principal: \"\"}]}": "principal",
		"config: {aws:region: us-west-2}":                                                  "kafkalink:cloud",
	})
}
