package simtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Schema is a cloud's schema.json.
type Schema struct {
	Resources map[string]struct{ Inputs, Outputs map[string]string }
	Functions map[string]struct{ Inputs, Outputs map[string]string }
	Types     map[string]map[string]string
}

// published is a slice of the provider's package schema, in Pulumi's format.
type published struct {
	Resources map[string]publishedObject
	Types     map[string]publishedObject
}

type publishedObject struct {
	InputProperties, Properties map[string]publishedProperty
	RequiredInputs, Required    []string
	Enum                        []struct{ Value any }
}

type publishedProperty struct {
	Type                 string
	DollarRef            string `json:"$ref"`
	Items                *publishedProperty
	AdditionalProperties *publishedProperty
	OneOf                []publishedProperty
	WillReplaceOnChanges bool
}

// ReadSchema reads the schema.json of a cloud.
func ReadSchema(t *testing.T, file string) (schema Schema) {
	read(t, file, &schema)
	return schema
}

// AgreesWith compares the generated types and the hand-written tables of a cloud with its provider's published schema, where
// someone has it: KAFKALINK_SCHEMAS names a folder. Kinds that the file does not have are left out. inPlace are inputs, as
// "<token> <path>", of which the file says that they replace and a later version of the provider does not replace any more.
func (w Schema) AgreesWith(t *testing.T, cloud *simcloud.Cloud, file string, inPlace ...string) {
	folder := os.Getenv("KAFKALINK_SCHEMAS")
	if folder == "" {
		t.Skipf("KAFKALINK_SCHEMAS names no folder with %s: nothing to compare with", file)
	}
	var theirs published
	read(t, filepath.Join(folder, file), &theirs)
	for _, kind := range cloud.Kinds {
		resource, ok := theirs.Resources[kind.Token]
		if !ok {
			continue
		}
		t.Run(kind.Token, func(t *testing.T) {
			c := comparison{t, kind, w, theirs, map[string]bool{}, inPlace}
			c.object("", w.Resources[kind.Token].Inputs, publishedObject{Properties: resource.InputProperties, Required: resource.RequiredInputs})
		})
	}
}

func read(t *testing.T, file string, into any) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into))
}

type comparison struct {
	t      *testing.T
	kind   *simcloud.Kind
	ours   Schema
	theirs published
	seen   map[string]bool

	inPlace []string
}

func (c comparison) object(path string, ours map[string]string, theirs publishedObject) {
	for name, declaredType := range ours {
		if _, ok := theirs.Properties[name]; !ok {
			c.t.Errorf("%s%s is not in the provider's schema", path, name)
			continue
		}
		property := theirs.Properties[name]
		here := path + name
		required := strings.HasPrefix(declaredType, "!") || slices.Contains(c.kind.Required, here)
		if slices.Contains(theirs.Required, name) {
			assert.True(c.t, required, "%s is required", here)
		}
		switch {
		case slices.Contains(c.inPlace, c.kind.Token+" "+here):
			assert.True(c.t, property.WillReplaceOnChanges && !c.replaces(here), "%s no longer replaces, and the file says otherwise", here)
		case property.WillReplaceOnChanges:
			assert.True(c.t, c.replaces(here), "%s replaces", here)
		default:
			assert.False(c.t, slices.Contains(c.kind.Replaces, here) && !c.replacesWithin(property), "%s does not replace", here)
		}
		c.property(here, strings.TrimPrefix(declaredType, "!"), property)
	}
	for name := range theirs.Properties {
		assert.Contains(c.t, ours, name, "%s of the provider's schema", path)
	}
}

// replaces says whether a change of a property replaces, by itself or by what it is in.
func (c comparison) replaces(path string) bool {
	for ; path != ""; path = path[:max(strings.LastIndexByte(path, '.'), 0)] {
		if slices.Contains(c.kind.Replaces, strings.TrimSuffix(path, "[]")) {
			return true
		}
	}
	return false
}

// replacesWithin says whether all that is in an object or a list of objects replaces: then so does one more.
func (c comparison) replacesWithin(theirs publishedProperty) bool {
	if theirs.Items != nil {
		return c.replacesWithin(*theirs.Items)
	}
	within := c.theirs.Types[strings.TrimPrefix(theirs.DollarRef, "#/types/")].Properties
	for _, property := range within {
		if !property.WillReplaceOnChanges {
			return false
		}
	}
	return len(within) > 0
}

func (c comparison) property(path, ours string, theirs publishedProperty) {
	switch {
	case strings.HasPrefix(ours, "[]"):
		require.NotNil(c.t, theirs.Items, path)
		c.property(path+"[]", ours[2:], *theirs.Items)
	case strings.HasPrefix(ours, "{}"):
		if theirs.AdditionalProperties != nil {
			c.property(path+"{}", ours[2:], *theirs.AdditionalProperties)
		}
	case strings.HasPrefix(ours, "#"):
		reference := strings.TrimPrefix(theirs.DollarRef, "#/types/")
		if c.seen[reference] || strings.Count(path, ".") > 3 {
			return
		}
		c.seen[reference] = true
		c.object(path+".", c.ours.Types[ours[1:]], c.theirs.Types[reference])
	default:
		c.enum(path, theirs)
		if theirs.Type != "" && ours != "any" {
			assert.Equal(c.t, theirs.Type, ours, path)
		}
	}
}

// enum: a table of ours names only values that the provider names, where it names any.
func (c comparison) enum(path string, theirs publishedProperty) {
	var known []string
	for _, option := range append(theirs.OneOf, theirs) {
		for _, value := range c.theirs.Types[strings.TrimPrefix(option.DollarRef, "#/types/")].Enum {
			known = append(known, value.Value.(string))
		}
	}
	if ours, ok := c.kind.Enums[path]; ok && known != nil {
		assert.Subset(c.t, known, ours, path)
	}
}

// NamesInputs looks for patterns that name nothing: a pattern in a kind's tables that names no input would never do anything.
func (w Schema) NamesInputs(t *testing.T, cloud *simcloud.Cloud) {
	for _, kind := range cloud.Kinds {
		patterns := slices.Concat(kind.Required, kind.Replaces, kind.KeptWhenUnset)
		for pattern := range kind.Enums {
			patterns = append(patterns, pattern)
		}
		for pattern := range kind.Ranges {
			patterns = append(patterns, pattern)
		}
		for _, reference := range kind.References {
			patterns = append(patterns, reference.Path)
		}
		for _, pattern := range patterns {
			assert.True(t, w.names(w.Resources[kind.Token].Inputs, pattern), "%s has no input %s", kind.Token, pattern)
		}
	}
}

func (w Schema) names(properties map[string]string, pattern string) bool {
	for name := range strings.SplitSeq(pattern, ".") {
		bare, isList := strings.CutSuffix(name, "[]")
		declaredType, ok := properties[bare]
		declaredType = strings.TrimPrefix(declaredType, "!")
		if !ok || isList != strings.HasPrefix(declaredType, "[]") && isList {
			return false
		}
		properties = w.Types[strings.TrimPrefix(strings.TrimPrefix(declaredType, "[]"), "#")]
	}
	return true
}

// Holds says that values have the names and types that the SDK declares.
func (w Schema) Holds(t *testing.T, path string, declared map[string]string, values Map) {
	for name, value := range values {
		declaredType, ok := declared[name]
		if assert.True(t, ok, "%s.%s is no output of the SDK", path, name) {
			w.holdsValue(t, path+"."+name, strings.TrimPrefix(declaredType, "!"), value)
		}
	}
}

func (w Schema) holdsValue(t *testing.T, path, declared string, value any) {
	switch v := value.(type) {
	case Map:
		if strings.HasPrefix(declared, "#") {
			w.Holds(t, path, w.Types[declared[1:]], v)
			return
		}
		assert.Equal(t, "{}string", declared, path)
	case []any:
		if assert.True(t, strings.HasPrefix(declared, "[]"), path) {
			for _, item := range v {
				w.holdsValue(t, path, declared[2:], item)
			}
		}
	case string:
		assert.Equal(t, "string", declared, path)
	case bool:
		assert.Equal(t, "boolean", declared, path)
	case float64:
		assert.Contains(t, []string{"integer", "number"}, declared, path)
	}
}
