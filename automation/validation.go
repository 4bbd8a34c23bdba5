package automation

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// namespace is that of kafkalink's own configuration keys.
const namespace = "kafkalink:"

// decode is the program's Decode, that also refuses secrets among kafkalink's own keys.
func decode(program Program, id StackIdentity, config Configuration) (*kafka.Cluster, kafka.Findings) {
	cluster, findings := program.Decode(id, config)
	secrets := secretsIn(config)
	if len(secrets) == 0 {
		return cluster, findings
	}
	// What the program says of the placeholder is not about what the user wrote.
	findings.Errors = slices.DeleteFunc(findings.Errors, func(e *field.Error) bool {
		return slices.ContainsFunc(secrets, func(secret *field.Error) bool {
			rest, at := strings.CutPrefix(e.Field, secret.Field)
			return at && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	})
	findings.Errors = append(secrets, findings.Errors...)
	return nil, findings
}

// secretsIn are the secrets among kafkalink's own keys.
func secretsIn(config Configuration) field.ErrorList {
	var found field.ErrorList
	for _, key := range slices.Sorted(maps.Keys(config)) {
		if strings.HasPrefix(key, namespace) {
			found = append(found, secretsOf(field.NewPath(key), config[key])...)
		}
	}
	return found
}

func secretsOf(path *field.Path, value any) field.ErrorList {
	var found field.ErrorList
	switch v := value.(type) {
	case string:
		if v == SecretPlaceholder {
			found = append(found, kafka.Forbidden(path,
				"holds a secret; what is made of kafkalink's configuration is readable in user-data and state",
				"set it without --secret and refer to files on the hosts as ${file:...}"))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			found = append(found, secretsOf(path.Child(key), v[key])...)
		}
	case []any:
		for i, element := range v {
			found = append(found, secretsOf(path.Index(i), element)...)
		}
	}
	return found
}
