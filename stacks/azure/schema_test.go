package azure

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path"
	"reflect"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	validation "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write schema.json anew")

// schema reflects Config, with its fields' comments.
func schema(t *testing.T) []byte {
	t.Helper()
	reflector := jsonschema.Reflector{
		RequiredFromJSONSchemaTags: true, Anonymous: true,
		// Several packages have a Config.
		Namer: func(t reflect.Type) string {
			if t.Name() == "" {
				return ""
			}
			return path.Base(t.PkgPath()) + t.Name()
		},
	}
	for _, dir := range []string{"components/kafka", "components/host", "components/azure", "stacks/azure"} {
		// Comments are found by the path of the package, which is that of the directory below the module's root.
		t.Chdir("../..")
		require.NoError(t, reflector.AddGoComments("github.com/kafkalink/kafkalink", dir))
		t.Chdir("stacks/azure")
	}
	for of, comment := range reflector.CommentMap {
		reflector.CommentMap[of] = strings.ReplaceAll(comment, "\n", " ")
	}
	config := reflector.Reflect(&Config{})
	settings := jsonschema.NewProperties()
	var keys []any
	for at := config.Definitions["azureConfig"].Properties.Oldest(); at != nil; at = at.Next() {
		settings.Set(namespace+at.Key, at.Value)
		keys = append(keys, namespace+at.Key)
	}
	delete(config.Definitions, "azureConfig")
	file := &jsonschema.Schema{
		Version: jsonschema.Version, Title: "Kafka on Azure: Pulumi.<stack>.yaml", Definitions: config.Definitions,
		Type: "object", Properties: jsonschema.NewProperties(),
	}
	file.Properties.Set("config", &jsonschema.Schema{
		Type: "object", Properties: settings, Required: []string{namespace + "cloud"},
		// Keys of other namespaces are other people's.
		PropertyNames: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Enum: keys}, {Not: &jsonschema.Schema{Pattern: "^" + namespace}},
		}},
	})
	text, err := json.MarshalIndent(file, "", "  ")
	require.NoError(t, err)
	return append(text, '\n')
}

func TestSchemaIsWhatConfigSays(t *testing.T) {
	want := schema(t)
	if *update {
		require.NoError(t, os.WriteFile("schema.json", want, 0o644))
		return
	}
	require.Equal(t, string(want), string(Schema), "run `make golden`")
}

func TestSchemaOfAStacksFile(t *testing.T) {
	t.Parallel()
	document, err := validation.UnmarshalJSON(bytes.NewReader(Schema))
	require.NoError(t, err)
	compiler := validation.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	check := func(text string) error {
		var value any
		require.NoError(t, yaml.Unmarshal([]byte(text), &value))
		return compiled.Validate(value)
	}

	for _, path := range []string{
		"../../Pulumi.azure.yaml", "../../templates/azure/Pulumi.dev.yaml", "../../tests/testdata/five-brokers/stack.yaml",
		"../../tests/testdata/own-network/stack.yaml", "../../tests/testdata/separate-controllers/stack.yaml",
	} {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, check(string(text)), path)
	}
	for wrong, want := range map[string]string{
		"config: {kafkalink:cloud: azure, kafkalink:clutser: {}}":                           "kafkalink:clutser",
		"config: {kafkalink:cloud: azure, kafkalink:cluster: {borkers: 3}}":                 "borkers",
		"config: {kafkalink:cloud: azure, kafkalink:cluster: {brokers: three}}":             "integer",
		"config: {kafkalink:cloud: azure, kafkalink:links: [{name: tidb, portbase: 9092}]}": "portbase",
		"config: {azure-native:location: eastus}":                                           "kafkalink:cloud",
	} {
		require.ErrorContains(t, check(wrong), want, wrong)
	}
}
