// Package stacktest is what the tests of all clouds' stacks share.
package stacktest

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

	"github.com/kafkalink/kafkalink/stacks/config"
)

// Schema reflects a cloud's Config, which settings is a pointer to, with its fields' comments, from the root of the module.
func Schema(t *testing.T, cloud, title string, settings any) []byte {
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
	for _, dir := range []string{"components/kafka", "components/host", "components/naming", "components/" + cloud, "stacks/base", "stacks/" + cloud} {
		// Comments are found by the path of the package, which is that of the directory below the module's root.
		t.Chdir("../..")
		require.NoError(t, reflector.AddGoComments("github.com/kafkalink/kafkalink", dir))
		t.Chdir("stacks/" + cloud)
	}
	for of, comment := range reflector.CommentMap {
		reflector.CommentMap[of] = strings.ReplaceAll(comment, "\n", " ")
	}
	reflected := reflector.Reflect(settings)
	properties, whole := jsonschema.NewProperties(), cloud+"Config"
	var keys []any
	for at := reflected.Definitions[whole].Properties.Oldest(); at != nil; at = at.Next() {
		properties.Set(config.Namespace+at.Key, at.Value)
		keys = append(keys, config.Namespace+at.Key)
	}
	delete(reflected.Definitions, whole)
	file := &jsonschema.Schema{
		Version: jsonschema.Version, Title: title + ": Pulumi.<stack>.yaml", Definitions: reflected.Definitions,
		Type: "object", Properties: jsonschema.NewProperties(),
	}
	file.Properties.Set("config", &jsonschema.Schema{
		Type: "object", Properties: properties, Required: []string{config.Namespace + "cloud"},
		// Keys of other namespaces are other people's.
		PropertyNames: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Enum: keys}, {Not: &jsonschema.Schema{Pattern: "^" + config.Namespace}},
		}},
	})
	text, err := json.MarshalIndent(file, "", "  ")
	require.NoError(t, err)
	return append(text, '\n')
}

var update = flag.Bool("update", false, "write schema.json anew")

// CheckConfig compares the schema that is committed with what Schema reflects, or writes it anew.
func CheckConfig(t *testing.T, cloud, title string, settings any, committed []byte) {
	t.Helper()
	want := Schema(t, cloud, title, settings)
	if *update {
		require.NoError(t, os.WriteFile("schema.json", want, 0o644))
		return
	}
	require.Equal(t, string(want), string(committed), "run `make golden`")
}

// CheckSchema validates a cloud's stacks' files, and refuses texts, each with something that its refusal says.
func CheckSchema(t *testing.T, cloud string, schema []byte, refused map[string]string) {
	t.Helper()
	document, err := validation.UnmarshalJSON(bytes.NewReader(schema))
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
	for _, path := range files(t, cloud) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, check(string(text)), path)
	}
	for wrong, want := range refused {
		require.ErrorContains(t, check(wrong), want, wrong)
	}
}
