// Package gen reads, by reflection, the input and output types of a Pulumi SDK's resources and
// writes them down for simulated clouds, so that these need not link the SDK.
package gen

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"reflect"
	"regexp"
	"strings"
)

// Resource is one resource type of an SDK.
type Resource struct {
	Token string
	Args  any // the SDK's XArgs struct
	State any // the SDK's X struct
}

// Function is one data source of an SDK.
type Function struct {
	Token  string
	Args   any // the SDK's XArgs struct
	Result any // the SDK's XResult struct
}

// Document is the file that is written. A property is written `"name": "type"`, with a `!` before the
// type where the SDK says it is required. Types are string, boolean, integer, number, any, []T for a
// list, {}T for a map and #name for an entry of Types.
type Document struct {
	Module    string                       `json:"module"`
	Resources map[string]Shape             `json:"resources"`
	Functions map[string]Shape             `json:"functions,omitempty"`
	Types     map[string]map[string]string `json:"types"`
}

// Shape is what a resource takes and what it has, or what a function takes and gives.
type Shape struct {
	Inputs  map[string]string `json:"inputs"`
	Outputs map[string]string `json:"outputs"`
}

// Write reads the resources and functions and writes them to a file, in an order that depends on nothing else.
func Write(file, module string, resources []Resource, functions []Function) error {
	g := generator{Document{Module: module, Resources: map[string]Shape{}, Functions: map[string]Shape{}, Types: map[string]map[string]string{}}}
	for _, r := range resources {
		inputs, err := g.properties(plain(reflect.TypeOf(r.Args)), false)
		if err != nil {
			return fmt.Errorf("inputs of %s: %w", r.Token, err)
		}
		outputs, err := g.properties(reflect.TypeOf(r.State), true)
		if err != nil {
			return fmt.Errorf("outputs of %s: %w", r.Token, err)
		}
		g.Resources[r.Token] = Shape{inputs, outputs}
	}
	for _, f := range functions {
		inputs, err := g.properties(plain(reflect.TypeOf(f.Args)), false)
		if err != nil {
			return fmt.Errorf("arguments of %s: %w", f.Token, err)
		}
		outputs, err := g.properties(reflect.TypeOf(f.Result), true)
		if err != nil {
			return fmt.Errorf("results of %s: %w", f.Token, err)
		}
		g.Functions[f.Token] = Shape{inputs, outputs}
	}
	text, err := json.MarshalIndent(g.Document, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

type generator struct{ Document }

// plain is the struct of plain Go values that an SDK's Args struct or Output stands for.
func plain(t reflect.Type) reflect.Type {
	if m, ok := t.MethodByName("ElementType"); ok {
		return m.Func.Call([]reflect.Value{reflect.Zero(t)})[0].Interface().(reflect.Type)
	}
	return t
}

func (g *generator) properties(t reflect.Type, outputs bool) (map[string]string, error) {
	properties := map[string]string{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("pulumi"), ",")
		if name == "" {
			continue
		}
		fieldType := field.Type
		if outputs {
			fieldType = plain(fieldType)
		}
		written, err := g.typeOf(fieldType)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		switch fieldType.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		default:
			if !outputs {
				written = "!" + written
			}
		}
		properties[name] = written
	}
	return properties, nil
}

func (g *generator) typeOf(t reflect.Type) (string, error) {
	switch t.Kind() {
	case reflect.Pointer:
		return g.typeOf(t.Elem())
	case reflect.String:
		return "string", nil
	case reflect.Bool:
		return "boolean", nil
	case reflect.Int:
		return "integer", nil
	case reflect.Float64:
		return "number", nil
	case reflect.Interface:
		return "any", nil
	case reflect.Slice:
		element, err := g.typeOf(t.Elem())
		return "[]" + element, err
	case reflect.Map:
		element, err := g.typeOf(t.Elem())
		return "{}" + element, err
	case reflect.Struct:
		return g.structOf(t)
	}
	return "", fmt.Errorf("no notation for the Go type %s", t)
}

// structOf enters a struct before it walks it, so that types which contain themselves end.
func (g *generator) structOf(t reflect.Type) (string, error) {
	name := moduleOf(t.PkgPath()) + "." + t.Name()
	if _, known := g.Types[name]; known {
		return "#" + name, nil
	}
	g.Types[name] = nil
	properties, err := g.properties(t, false)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if strings.HasSuffix(name, "Response") {
		for key, value := range properties {
			properties[key] = strings.TrimPrefix(value, "!")
		}
	}
	g.Types[name] = properties
	return "#" + name, nil
}

var majorVersion = regexp.MustCompile(`/v\d+$`)

// moduleOf is the SDK's module of a package: network for .../network/v2, ec2 for .../aws/ec2.
func moduleOf(pkg string) string { return path.Base(majorVersion.ReplaceAllString(pkg, "")) }
