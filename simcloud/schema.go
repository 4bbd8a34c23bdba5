package simcloud

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Schema is what a cloud's SDK says about its resource types, as internal/gen writes it down.
type Schema struct {
	resources map[string]shape
	functions map[string]shape
	types     map[string]map[string]property
}

type shape struct{ inputs, outputs map[string]property }

type property struct {
	required bool
	kind     string // string, boolean, integer, number, any, list, map or object
	element  *property
	object   string // name in Schema.types
}

// ParseSchema reads a file that internal/gen wrote.
func ParseSchema(text []byte) (*Schema, error) {
	var document struct {
		Resources map[string]struct{ Inputs, Outputs map[string]string }
		Functions map[string]struct{ Inputs, Outputs map[string]string }
		Types     map[string]map[string]string
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("read resource schema: %w", err)
	}
	s := &Schema{resources: map[string]shape{}, functions: map[string]shape{}, types: map[string]map[string]property{}}
	for token, r := range document.Resources {
		s.resources[token] = shape{parseProperties(r.Inputs), parseProperties(r.Outputs)}
	}
	for token, f := range document.Functions {
		s.functions[token] = shape{parseProperties(f.Inputs), parseProperties(f.Outputs)}
	}
	for name, properties := range document.Types {
		s.types[name] = parseProperties(properties)
	}
	return s, nil
}

// HasInput says whether a resource type takes an input.
func (s *Schema) HasInput(token, name string) bool {
	_, ok := s.resources[token].inputs[name]
	return ok
}

func parseProperties(written map[string]string) map[string]property {
	properties := make(map[string]property, len(written))
	for name, text := range written {
		properties[name] = parseProperty(text)
	}
	return properties
}

func parseProperty(text string) property {
	if rest, ok := strings.CutPrefix(text, "!"); ok {
		p := parseProperty(rest)
		p.required = true
		return p
	}
	if rest, ok := strings.CutPrefix(text, "[]"); ok {
		element := parseProperty(rest)
		return property{kind: "list", element: &element}
	}
	if rest, ok := strings.CutPrefix(text, "{}"); ok {
		element := parseProperty(rest)
		return property{kind: "map", element: &element}
	}
	if rest, ok := strings.CutPrefix(text, "#"); ok {
		return property{kind: "object", object: rest}
	}
	return property{kind: text}
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
