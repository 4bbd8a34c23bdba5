package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

func TestTablesAgreeWithTheProvidersSchema(t *testing.T) {
	t.Parallel()
	simtest.ReadSchema(t, "schema.json").AgreesWith(t, aws.Cloud(aws.Account{}), "aws.json",
		"aws:ec2/instance:Instance ipv6AddressCount") // terraform-provider-aws pull request 36308, after 6.29.0, which the file has
}

func TestTablesNameInputs(t *testing.T) {
	t.Parallel()
	simtest.ReadSchema(t, "schema.json").NamesInputs(t, aws.Cloud(aws.Account{}))
}

// TestOutputsAreTheSDKs: what a read shows has the names and types that the SDK declares, so that a
// typed program reads what the simulation computes.
func TestOutputsAreTheSDKs(t *testing.T) {
	t.Parallel()
	schema := simtest.ReadSchema(t, "schema.json")
	s := start(t)
	s.Make("Parameter", "parameter", Map{"name": "/kafkalink/x", "type": "String", "value": "x"})
	for name, state := range s.By {
		require.True(t, s.Refresh(state))
		token := string(resource.URN(state.URN).Type())
		schema.Holds(t, name, schema.Resources[token].Outputs, state.Outputs)
	}
}
