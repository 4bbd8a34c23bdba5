package aws

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const (
	tokenParameter = "aws:ssm/parameter:Parameter"
	parameterSpace = "parameter "
)

func ssmParameter() awsType {
	return awsType{
		service: "SSM", noun: "Parameter", creates: "PutParameter", modifies: "PutParameter",
		name:     &naming{input: "name", noPrefix: true, max: 2048},
		volatile: []string{"version"},
		Kind: simcloud.Kind{
			Token:         tokenParameter,
			Duration:      2 * time.Second,
			Namespace:     parameterSpace,
			ID:            func(identity *simcloud.Identity) (string, string) { return identity.Inputs.Text("name"), "" },
			InputsOf:      func(id string) simcloud.Properties { return simcloud.Properties{"name": id} },
			Adopts:        func(inputs simcloud.Properties) bool { return inputs.True("overwrite") },
			Replaces:      []string{"dataType"},
			KeptWhenUnset: []string{"arn", "dataType", "keyId", "tier"},
			Spares: func(before, after simcloud.Properties) []string {
				if !onlyTagsChanged(before, after) {
					return nil
				}
				return []string{"insecureValue", "value"}
			},
			ReplacesIf: func(before, after simcloud.Properties) []string {
				if before.Text("tier") == "Advanced" && after.Text("tier") == "Standard" {
					return []string{"tier"}
				}
				return nil
			},
			Enums: map[string][]string{
				"type": {"String", "StringList", "SecureString"}, "tier": {"Standard", "Advanced", "Intelligent-Tiering"},
				"dataType": {"text", "aws:ec2:image", "aws:ssm:integration"},
			},
			Check: func(c *simcloud.Checker) { exactlyOne(c, "value", "insecureValue") },
			Defaults: func(p simcloud.Properties) {
				p.Default("tier", "Standard")
				p.Default("dataType", "text")
			},
			Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				return judgeParameter(t.After.Properties.Text("name"), valueOf(t.After), t.After.Properties.Text("tier"))
			}},
			Compute: func(t *simcloud.Transaction) error {
				t.After.Computed["arn"] = parameterARN(t.Settings["region"], accountOf(t.After), t.After.Properties.Text("name"))
				if t.Before == nil || valueOf(t.Before) != valueOf(t.After) {
					t.After.Computed["version"] = t.After.Computed.Number("version") + 1
				}
				return nil
			},
		},
	}
}

// valueOf is a parameter's value, whichever way it was given.
func valueOf(r *simcloud.Resource) string { return r.Properties.Text(valueInput(r)) }

func valueInput(r *simcloud.Resource) string {
	if r.Properties.Has("insecureValue") {
		return "insecureValue"
	}
	return "value"
}

func parameterARN(region, account, name string) string {
	return fmt.Sprintf("arn:aws:ssm:%s:%s:parameter/%s", region, account, strings.TrimPrefix(name, "/"))
}

var parameterNames = regexp.MustCompile(`^[\w./-]+$`)

const (
	maxStandard = 4096
	maxAdvanced = 8192
	maxLevels   = 15
)

// judgeParameter holds a parameter against what Systems Manager takes, whoever puts it.
func judgeParameter(name, value, tier string) error {
	trimmed := strings.ToLower(strings.TrimPrefix(name, "/"))
	largest := maxStandard
	if tier == "Advanced" || tier == "Intelligent-Tiering" {
		largest = maxAdvanced
	}
	switch {
	case !parameterNames.MatchString(name):
		return refuse("ValidationException", "Parameter name must consist of letters, digits and the symbols . - _ /: %q", name)
	case strings.Contains(name, "/") && !strings.HasPrefix(name, "/"):
		return refuse("ValidationException", "Parameter name must be a fully qualified name: %q", name)
	case strings.HasPrefix(trimmed, "aws") || strings.HasPrefix(trimmed, "ssm"):
		return refuse("ValidationException", "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive): %q", name)
	case strings.Count(name, "/") > maxLevels:
		return refuse("HierarchyLevelLimitExceededException", "Parameter name must have at most %d levels: %q", maxLevels, name)
	case value == "":
		return refuse("ValidationException", "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case len(value) > largest:
		return refuse("ValidationException", "%s tier parameters support a maximum parameter value of %d characters.", map[bool]string{true: "Standard", false: "Advanced"}[largest == maxStandard], largest)
	case strings.Contains(value, "{{"):
		return refuse("ValidationException", "Parameter value can't nest another parameter. Do not use \"{{}}\" in the value")
	}
	return nil
}

// putParameter is a put that no program knows of.
func putParameter(world *simcloud.World, region, account, name, value string, overwrite bool) error {
	existing, ok := world.Get(parameterSpace + name)
	tier := "Standard"
	if ok {
		tier = existing.Properties.Text("tier")
	}
	if err := judgeParameter(name, value, tier); err != nil {
		return err
	}
	if ok && !overwrite {
		return alreadyExists(tokenParameter, name)
	}
	if !ok {
		existing = &simcloud.Resource{ID: parameterSpace + name, Type: tokenParameter,
			Properties: simcloud.Properties{"name": name, "type": "String", "tier": tier, "dataType": "text"},
			Computed:   simcloud.Properties{madeIn: region, "ownerId": account, "arn": parameterARN(region, account, name)}}
	}
	changed := existing.Clone()
	changed.Properties[valueInput(changed)] = value
	changed.Computed["version"] = changed.Computed.Number("version") + 1
	world.Put(changed)
	return nil
}
