package azure_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud/azure"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

func TestTablesAgreeWithTheProvidersSchema(t *testing.T) {
	t.Parallel()
	simtest.ReadSchema(t, "schema.json").AgreesWith(t, azure.Cloud(), "azure-native.json")
}

func TestTablesNameInputs(t *testing.T) {
	t.Parallel()
	simtest.ReadSchema(t, "schema.json").NamesInputs(t, azure.Cloud())
}

// TestOutputsAreTheSDKs: what a read shows has the names and types that the SDK declares, so that a
// typed program reads what the simulation computes.
func TestOutputsAreTheSDKs(t *testing.T) {
	t.Parallel()
	schema := simtest.ReadSchema(t, "schema.json")
	s := start(t)
	s.Make("RunCommand", "configure", command("true"))
	for name, state := range s.By {
		require.True(t, s.Refresh(state))
		token := regexp.MustCompile(`azure-native:\w+:\w+`).FindString(state.URN)
		schema.Holds(t, name, schema.Resources[token].Outputs, state.Outputs)
		assert.NotEmpty(t, state.Outputs["name"], name)
	}
}
