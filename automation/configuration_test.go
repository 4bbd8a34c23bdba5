package automation

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

func section(t *testing.T, text string) map[string]yaml.Node {
	t.Helper()
	var nodes map[string]yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(text), &nodes))
	return nodes
}

func TestConfigurationOfAFile(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       Configuration
	}{
		{"a scalar at the top is a string", "azure-native:location: eastus\nkafkalink:n: 3\nkafkalink:b: true",
			Configuration{"azure-native:location": "eastus", "kafkalink:n": "3", "kafkalink:b": "true"}},
		{"a key without namespace is the project's", "size: 3", Configuration{"house:size": "3"}},
		{"a structure keeps its types", `kafkalink:cluster: {brokers: 3, zones: ["1", "2"], separate: true, ratio: 0.5}`,
			Configuration{"kafkalink:cluster": map[string]any{
				"brokers": 3, "zones": []any{"1", "2"}, "separate": true, "ratio": 0.5,
			}}},
		{"a secret is replaced", "kafkalink:key: {secure: AAAB}", Configuration{"kafkalink:key": SecretPlaceholder}},
		{"a nested secret is replaced", "kafkalink:links: [{name: tidb, key: {secure: AAAB}}]",
			Configuration{"kafkalink:links": []any{map[string]any{"name": "tidb", "key": SecretPlaceholder}}}},
		{"secure among other keys is a key", "kafkalink:tls: {secure: yes, port: 9093}",
			Configuration{"kafkalink:tls": map[string]any{"secure": "yes", "port": 9093}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseConfiguration(section(t, c.text), "house")
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestConfigurationKeysAreStrings(t *testing.T) {
	t.Parallel()
	_, err := parseConfiguration(section(t, "kafkalink:ports: {9092: a}"), "house")
	require.EqualError(t, err, "kafkalink:ports: key 9092 is not a string; put it in quotes")
}

// Under `pulumi up` the engine hands over the same configuration in another shape: what Decode gets must not differ.
func TestTheEngineHandsOverWhatTheFileHolds(t *testing.T) {
	t.Parallel()
	fromFile, err := parseConfiguration(section(t, `
azure-native:location: eastus
kafkalink:note: "[not json"
kafkalink:cluster: {name: kafka, brokers: 3, ratio: 0.5, zones: ["1"]}
kafkalink:links: [{name: tidb}]
kafkalink:key: {secure: AAAB}
`), "house")
	require.NoError(t, err)
	handed := map[string]string{"kafkalink:key": "in the clear"}
	for key, value := range fromFile {
		if text, scalar := value.(string); scalar && key != "kafkalink:key" {
			handed[key] = text
		} else if key != "kafkalink:key" {
			text, err := json.Marshal(value)
			require.NoError(t, err)
			handed[key] = string(text)
		}
	}
	values, err := json.Marshal(handed)
	require.NoError(t, err)

	fromEngine, err := configurationFromEngine(string(values), `["kafkalink:key"]`)

	require.NoError(t, err)
	require.Equal(t, fromFile, fromEngine)
}
