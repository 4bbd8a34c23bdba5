package simcloud

import (
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
)

func TestDiffNamesEveryDifferenceByItsPath(t *testing.T) {
	t.Parallel()
	kind := &Kind{Replaces: []string{"name", "sku", "parts[].key"}}
	type m = map[string]any
	for name, test := range map[string]struct {
		before, after Properties
		want          map[string]pulumirpc.PropertyDiff_Kind
	}{
		"nothing":                         {Properties{"a": 1.0, "b": []any{m{"c": "d"}}}, Properties{"a": 1.0, "b": []any{m{"c": "d"}}}, nil},
		"what comes and goes":             {Properties{"a": 1.0}, Properties{"b": 1.0}, map[string]pulumirpc.PropertyDiff_Kind{"a": pulumirpc.PropertyDiff_DELETE, "b": pulumirpc.PropertyDiff_ADD}},
		"within an object":                {Properties{"a": m{"b": 1.0, "c": 1.0}}, Properties{"a": m{"b": 2.0, "c": 1.0}}, map[string]pulumirpc.PropertyDiff_Kind{"a.b": pulumirpc.PropertyDiff_UPDATE}},
		"a longer list":                   {Properties{"a": []any{1.0}}, Properties{"a": []any{1.0, 2.0}}, map[string]pulumirpc.PropertyDiff_Kind{"a[1]": pulumirpc.PropertyDiff_ADD}},
		"a shorter list":                  {Properties{"a": []any{1.0, 2.0}}, Properties{"a": []any{3.0}}, map[string]pulumirpc.PropertyDiff_Kind{"a[0]": pulumirpc.PropertyDiff_UPDATE, "a[1]": pulumirpc.PropertyDiff_DELETE}},
		"what replaces":                   {Properties{"name": "a"}, Properties{"name": "b"}, map[string]pulumirpc.PropertyDiff_Kind{"name": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		"what replaces, gone":             {Properties{"name": "a"}, Properties{}, map[string]pulumirpc.PropertyDiff_Kind{"name": pulumirpc.PropertyDiff_DELETE_REPLACE}},
		"within what replaces":            {Properties{"sku": m{"tier": "a"}}, Properties{"sku": m{"tier": "b"}}, map[string]pulumirpc.PropertyDiff_Kind{"sku.tier": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		"what replaces in a list":         {Properties{"parts": []any{m{"key": "a"}}}, Properties{"parts": []any{m{"key": "b"}}}, map[string]pulumirpc.PropertyDiff_Kind{"parts[0].key": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		"what is not known, may differ":   {Properties{"name": "a"}, Properties{"name": Unknown{}}, map[string]pulumirpc.PropertyDiff_Kind{"name": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		"unknown within a list":           {Properties{"a": []any{"x"}}, Properties{"a": []any{Unknown{}}}, map[string]pulumirpc.PropertyDiff_Kind{"a[0]": pulumirpc.PropertyDiff_UPDATE}},
		"another type":                    {Properties{"a": "1"}, Properties{"a": 1.0}, map[string]pulumirpc.PropertyDiff_Kind{"a": pulumirpc.PropertyDiff_UPDATE}},
		"Pulumi's own inputs are nothing": {Properties{"__defaults": []any{}}, Properties{"__createBeforeDelete": true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := map[string]pulumirpc.PropertyDiff_Kind{}
			for path, difference := range (&Cloud{}).diff(kind, test.before, test.after).DetailedDiff {
				found[path] = difference.Kind
			}
			if test.want == nil {
				test.want = map[string]pulumirpc.PropertyDiff_Kind{}
			}
			assert.Equal(t, test.want, found)
		})
	}
}

func TestRefreshCarriesOverOnlyWhatChangedInTheCloud(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	for name, test := range map[string]struct{ inputs, then, now, want any }{
		"no change keeps the inputs":     {m{"a": 1.0}, m{"a": 1.0, "default": "x"}, m{"a": 1.0, "default": "x"}, m{"a": 1.0}},
		"a changed value":                {m{"a": 1.0}, m{"a": 1.0}, m{"a": 2.0}, m{"a": 2.0}},
		"a default that changed":         {m{"a": 1.0}, m{"a": 1.0, "d": "x"}, m{"a": 1.0, "d": "y"}, m{"a": 1.0, "d": "y"}},
		"a value that went":              {m{"a": 1.0, "b": 2.0}, m{"a": 1.0, "b": 2.0}, m{"a": 1.0}, m{"a": 1.0}},
		"an input the cloud never shows": {m{"secret": "x"}, m{"d": 1.0}, m{"d": 2.0}, m{"secret": "x", "d": 2.0}},
		"within an item of a list":       {m{"l": []any{m{"n": 1.0}}}, m{"l": []any{m{"n": 1.0, "id": "i"}}}, m{"l": []any{m{"n": 2.0, "id": "i"}}}, m{"l": []any{m{"n": 2.0}}}},
		"an item more":                   {m{"l": []any{"a"}}, m{"l": []any{"a"}}, m{"l": []any{"a", "b"}}, m{"l": []any{"a", "b"}}},
		"an item less":                   {m{"l": []any{"a", "b"}}, m{"l": []any{"a", "b"}}, m{"l": []any{"a"}}, m{"l": []any{"a"}}},
	} {
		assert.Equal(t, test.want, carry(test.inputs, test.then, test.now), name)
	}
}
