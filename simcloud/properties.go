package simcloud

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Properties are values as encoding/json has them: nil, bool, float64, string, []any and
// map[string]any; in checks also Unknown. Paths in the methods are names with dots between them.
type Properties map[string]any

// Unknown stands for a value that a preview does not know yet.
type Unknown struct{}

// Get finds a value: Get("sku.name"). It is nil when any part of the path is absent.
func (p Properties) Get(path string) any {
	var value any = map[string]any(p)
	for name := range strings.SplitSeq(path, ".") {
		switch object := value.(type) {
		case map[string]any:
			value = object[name]
		case Properties:
			value = object[name]
		default:
			return nil
		}
	}
	return value
}

// Has says whether a value is there, known or not.
func (p Properties) Has(path string) bool { return p.Get(path) != nil }

// Text is the string at a path, or "".
func (p Properties) Text(path string) string { text, _ := p.Get(path).(string); return text }

// Number is the number at a path, or 0.
func (p Properties) Number(path string) float64 { number, _ := p.Get(path).(float64); return number }

// True says whether the value at a path is the boolean true.
func (p Properties) True(path string) bool { value, _ := p.Get(path).(bool); return value }

// Object is the object at a path, or nil.
func (p Properties) Object(path string) Properties { return asObject(p.Get(path)) }

// Objects are the objects in the list at a path; what is no object is left out.
func (p Properties) Objects(path string) []Properties {
	list, _ := p.Get(path).([]any)
	var objects []Properties
	for _, item := range list {
		if object := asObject(item); object != nil {
			objects = append(objects, object)
		}
	}
	return objects
}

// Texts are the strings in the list at a path.
func (p Properties) Texts(path string) []string {
	list, _ := p.Get(path).([]any)
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// Set puts a value at a path, making the objects on the way.
func (p Properties) Set(path string, value any) {
	head, rest, nested := strings.Cut(path, ".")
	if !nested {
		p[head] = value
		return
	}
	object := asObject(p[head])
	if object == nil {
		object = Properties{}
		p[head] = map[string]any(object)
	}
	object.Set(rest, value)
}

// Default sets a value where there is none.
func (p Properties) Default(path string, value any) {
	if !p.Has(path) {
		p.Set(path, value)
	}
}

// JSON writes the properties so that equal ones have equal texts.
func (p Properties) JSON() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic("simcloud: properties that JSON cannot hold: " + err.Error())
	}
	return string(text)
}

// Clone copies the properties and all that is in them.
func (p Properties) Clone() Properties {
	if p == nil {
		return nil
	}
	return Properties(cloneValue(map[string]any(p)).(map[string]any))
}

func asObject(value any) Properties {
	switch object := value.(type) {
	case map[string]any:
		return object
	case Properties:
		return object
	}
	return nil
}

func cloneValue(value any) any {
	switch v := value.(type) {
	case Properties:
		return cloneValue(map[string]any(v))
	case map[string]any:
		copied := make(map[string]any, len(v))
		for name, item := range v {
			copied[name] = cloneValue(item)
		}
		return copied
	case []any:
		copied := make([]any, len(v))
		for i, item := range v {
			copied[i] = cloneValue(item)
		}
		return copied
	}
	return value
}

// Plain turns any Go value into one of encoding/json's, so that rules may compute with slices of
// strings, integers or structs. It panics on what JSON cannot hold: that is a mistake in a rule.
func Plain(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("simcloud: a rule computed a %T, which JSON cannot hold: %v", value, err))
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		panic(err)
	}
	return plain
}

// visit calls f for every value that a pattern names, with its path as the user would write it. In a
// pattern, name[] is every item of a list: "ipConfigurations[].subnet.id".
func (p Properties) visit(pattern string, f func(path string, value any)) {
	visitPattern(map[string]any(p), "", strings.Split(pattern, "."), f)
}

func visitPattern(value any, path string, pattern []string, f func(string, any)) {
	if len(pattern) == 0 {
		if value != nil {
			f(path, value)
		}
		return
	}
	object := asObject(value)
	name, isList := strings.CutSuffix(pattern[0], "[]")
	next, ok := object[name]
	if !ok {
		return
	}
	here := joinPath(path, name)
	if !isList {
		visitPattern(next, here, pattern[1:], f)
		return
	}
	list, _ := next.([]any)
	for i, item := range list {
		visitPattern(item, fmt.Sprintf("%s[%d]", here, i), pattern[1:], f)
	}
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
