package aws

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

var update = flag.Bool("update", false, "write schema.json anew")

func TestSchemaIsWhatConfigSays(t *testing.T) {
	want := stacktest.Schema(t, Cloud, "Kafka on AWS", &Config{})
	if *update {
		require.NoError(t, os.WriteFile("schema.json", want, 0o644))
		return
	}
	require.Equal(t, string(want), string(Schema), "run `make golden`")
}

func TestSchemaOfAStacksFile(t *testing.T) {
	t.Parallel()
	stacktest.CheckSchema(t, Schema, []string{
		"../../Pulumi.aws.yaml", "../../templates/aws/Pulumi.dev.yaml",
	}, map[string]string{
		"config: {kafkalink:cloud: aws, kafkalink:clutser: {}}":                            "kafkalink:clutser",
		"config: {kafkalink:cloud: aws, kafkalink:machines: {typ: t2.large}}":              "typ",
		"config: {kafkalink:cloud: aws, kafkalink:cluster: {brokers: three}}":              "integer",
		"config: {kafkalink:cloud: aws, kafkalink:links: [{name: tidb, principal: \"\"}]}": "principal",
		"config: {aws:region: us-west-2}":                                                  "kafkalink:cloud",
	})
}
