package simcloud

import (
	"fmt"
	"math"
	"strings"
)

// problem is one thing wrong with a resource's inputs.
type problem struct{ path, reason string }

// validate compares values with what a type takes.
func (s *Schema) validate(properties map[string]property, values map[string]any, path string) []problem {
	var problems []problem
	for _, name := range sorted(properties) {
		if properties[name].required && values[name] == nil {
			problems = append(problems, missing(joinPath(path, name)))
		}
	}
	for _, name := range sorted(values) {
		here := joinPath(path, name)
		declared, known := properties[name]
		switch {
		case known:
			problems = append(problems, s.validateValue(declared, values[name], here)...)
		case path == "" && strings.HasPrefix(name, "__"): // Pulumi's own, such as __defaults
		default:
			problems = append(problems, problem{here, fmt.Sprintf("unknown property '%s'%s", here, suggestion(name, sorted(properties)))})
		}
	}
	return problems
}

func (s *Schema) validateValue(declared property, value any, path string) []problem {
	wrong := func() []problem {
		return []problem{{path, fmt.Sprintf("'%s' should be of type '%s' but got %s", path, declared.typeName(), describe(value))}}
	}
	switch v := value.(type) {
	case nil, Unknown:
		return nil
	case string:
		if declared.kind == "string" || declared.kind == "any" {
			return nil
		}
	case bool:
		if declared.kind == "boolean" || declared.kind == "any" {
			return nil
		}
	case float64:
		if declared.kind == "integer" && v != math.Trunc(v) {
			return []problem{{path, fmt.Sprintf("'%s' must be an integer but got %v", path, v)}}
		}
		if declared.kind == "integer" || declared.kind == "number" || declared.kind == "any" {
			return nil
		}
	case []any:
		if declared.kind == "any" {
			return nil
		}
		if declared.kind == "list" {
			var problems []problem
			for i, item := range v {
				problems = append(problems, s.validateValue(*declared.element, item, fmt.Sprintf("%s[%d]", path, i))...)
			}
			return problems
		}
	case map[string]any:
		switch declared.kind {
		case "any":
			return nil
		case "object":
			return s.validate(s.types[declared.object], v, path)
		case "map":
			var problems []problem
			for _, name := range sorted(v) {
				problems = append(problems, s.validateValue(*declared.element, v[name], joinPath(path, name))...)
			}
			return problems
		}
	}
	return wrong()
}

func (p property) typeName() string {
	switch p.kind {
	case "list":
		return "list of " + p.element.typeName()
	case "map":
		return "map of " + p.element.typeName()
	}
	return p.kind
}

func describe(value any) string {
	switch v := value.(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case foreign:
		return "a value of Pulumi's type " + string(v)
	}
	return fmt.Sprintf("a %T", value)
}

func missing(path string) problem {
	return problem{path, fmt.Sprintf("missing required property '%s'", path)}
}

// suggestion names a known property that differs only in case, the commonest slip in ARM's spelling.
func suggestion(name string, known []string) string {
	for _, candidate := range known {
		if strings.EqualFold(candidate, name) {
			return fmt.Sprintf("; did you mean '%s'?", candidate)
		}
	}
	return ""
}
