package automation

import (
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// Configuration is a stack's configuration by full key, like "kafkalink:cluster". A value is a string, or a structure of
// map[string]any, []any, string, bool, int and float64: as in Pulumi, a scalar at the top is always a string.
// Secrets are replaced by SecretPlaceholder.
type Configuration map[string]any

// SecretPlaceholder stands for every `secure:` value: what decodes a configuration never sees a secret.
const SecretPlaceholder = "kafkalink-secret-placeholder"

// parseConfiguration reads the `config:` section of a stack or project file.
func parseConfiguration(section map[string]yaml.Node, project string) (Configuration, error) {
	config := Configuration{}
	for key, node := range section {
		value, err := plain(&node)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		config[fullKey(key, project)] = value
	}
	return config, nil
}

// fullKey gives a key without a namespace the project's, as Pulumi does.
func fullKey(key, project string) string {
	if strings.Contains(key, ":") {
		return key
	}
	return project + ":" + key
}

func plain(node *yaml.Node) (any, error) {
	if node.Kind == yaml.ScalarNode {
		return node.Value, nil
	}
	var value any
	if err := node.Decode(&value); err != nil {
		return nil, err
	}
	return withoutSecrets(value)
}

// withoutSecrets replaces {secure: …}, at the top or nested, on a copy.
func withoutSecrets(value any) (any, error) {
	switch v := value.(type) {
	case map[string]any:
		if _, secret := v["secure"]; secret && len(v) == 1 {
			return SecretPlaceholder, nil
		}
		out := make(map[string]any, len(v))
		for key, element := range v {
			var err error
			if out[key], err = withoutSecrets(element); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[any]any:
		for key := range v {
			if _, ok := key.(string); !ok {
				return nil, fmt.Errorf("key %v is not a string; put it in quotes", key)
			}
		}
		return nil, fmt.Errorf("keys must be strings")
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			var err error
			if out[i], err = withoutSecrets(element); err != nil {
				return nil, err
			}
		}
		return out, nil
	default:
		return value, nil
	}
}

// configurationFromEngine reads what Pulumi hands a program: every value a string, structures as JSON, and the
// keys of secrets apart.
func configurationFromEngine(values, secretKeys string) (Configuration, error) {
	var texts map[string]string
	if values != "" {
		if err := json.Unmarshal([]byte(values), &texts); err != nil {
			return nil, fmt.Errorf("PULUMI_CONFIG: %w", err)
		}
	}
	var secrets []string
	if secretKeys != "" {
		if err := json.Unmarshal([]byte(secretKeys), &secrets); err != nil {
			return nil, fmt.Errorf("PULUMI_CONFIG_SECRET_KEYS: %w", err)
		}
	}
	config := Configuration{}
	for key, text := range texts {
		config[key] = structured(text)
	}
	for _, key := range secrets {
		// Where in a structure the secret is, the engine does not say.
		if _, scalar := config[key].(string); scalar || strings.HasPrefix(key, namespace) {
			config[key] = SecretPlaceholder
		}
	}
	return config, nil
}

func structured(text string) any {
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return text
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.More() {
		return text
	}
	return numbers(value)
}

// numbers makes the numbers of JSON those that YAML gives: int where whole, else float64.
func numbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return int(whole)
		}
		fraction, _ := v.Float64()
		return fraction
	case map[string]any:
		for key := range v {
			v[key] = numbers(v[key])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	}
	return value
}
