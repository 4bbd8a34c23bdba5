package simcloud

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Diff tells an update from a replacement, by the inputs before and after.
func (p *provider) Diff(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	kind, err := p.kindOf(req.Urn)
	if err != nil {
		return nil, err
	}
	before, err := decode("diff", req.OldInputs)
	if err != nil {
		return nil, err
	}
	after, err := decode("diff", req.News)
	if err != nil {
		return nil, err
	}
	olds, err := decode("diff", req.Olds)
	if err != nil {
		return nil, err
	}
	return p.cloud.diff(kind, p.cloud.standing(kind, before, olds, after), after), nil
}

// standing are the inputs before a change, where the provider goes by how things stand, or by how it has told that they do: of
// what is KeptWhenUnset, what a program no longer sets stays, and what it newly sets may be so already.
func (c *Cloud) standing(kind *Kind, before, outputs, after Properties) Properties {
	standing := before.Clone()
	if c.RecordsRefused {
		for name, value := range after {
			if reflect.DeepEqual(outputs[name], value) {
				standing[name] = value
			}
		}
	}
	if !c.UnsetIsNoChange {
		return standing
	}
	for _, name := range kind.KeptWhenUnset {
		switch {
		case !after.Has(name):
			delete(standing, name)
		case !before.Has(name) && outputs.Has(name):
			if value := narrowed(outputs[name], after[name]); value != nil {
				standing[name] = value
			}
		}
	}
	return standing
}

func (c *Cloud) diff(kind *Kind, before, after Properties) *pulumirpc.DiffResponse {
	d := differ{cloud: c, replaces: map[string]bool{}, found: map[string]*pulumirpc.PropertyDiff{}}
	if kind.ReplacesIf != nil {
		for _, pattern := range kind.ReplacesIf(before, after) {
			d.replaces[pattern] = true
		}
	}
	for _, pattern := range kind.Replaces {
		d.replaces[pattern] = true
	}
	d.objects("", before, after)
	response := &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE, HasDetailedDiff: true, DetailedDiff: d.found}
	top := map[string]bool{}
	replaced := map[string]bool{}
	for path, found := range d.found {
		top[topLevel(path)] = true
		switch found.Kind {
		case pulumirpc.PropertyDiff_ADD_REPLACE, pulumirpc.PropertyDiff_DELETE_REPLACE, pulumirpc.PropertyDiff_UPDATE_REPLACE:
			replaced[topLevel(path)] = true
		}
	}
	if len(top) > 0 {
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
	}
	response.Diffs, response.Replaces = sorted(top), sorted(replaced)
	response.DeleteBeforeReplace = len(replaced) > 0 && c.DeleteFirst != nil && c.DeleteFirst(kind, before, after)
	return response
}

// narrowed is what stands of that which a program newly sets: of an object the properties it names. Lists of objects come
// with more than a program would say, and are not compared.
func narrowed(stands, set any) any {
	if named, has := asObject(set), asObject(stands); named != nil && has != nil {
		kept := map[string]any{}
		for name, value := range named {
			if standing, ok := has[name]; ok {
				kept[name] = narrowed(standing, value)
			}
		}
		return kept
	}
	if list, ok := stands.([]any); ok && slices.ContainsFunc(list, func(item any) bool { return asObject(item) != nil }) {
		return nil
	}
	return cloneValue(stands)
}

type differ struct {
	cloud    *Cloud
	replaces map[string]bool
	found    map[string]*pulumirpc.PropertyDiff
}

func (d *differ) objects(path string, before, after map[string]any) {
	for name := range before {
		if _, kept := after[name]; !kept && !internal(path, name) {
			d.add(joinPath(path, name), pulumirpc.PropertyDiff_DELETE)
		}
	}
	for name, value := range after {
		if internal(path, name) {
			continue
		}
		if old, had := before[name]; had {
			d.values(joinPath(path, name), old, value)
		} else {
			d.add(joinPath(path, name), pulumirpc.PropertyDiff_ADD)
		}
	}
}

func (d *differ) values(path string, before, after any) {
	oldObject, newObject := asObject(before), asObject(after)
	oldList, wasList := before.([]any)
	newList, isList := after.([]any)
	switch {
	case equal(before, after):
	case d.cloud.Same != nil && d.cloud.Same(path, before, after):
	case oldObject != nil && newObject != nil:
		d.objects(path, oldObject, newObject)
	case wasList && isList:
		for i := range max(len(oldList), len(newList)) {
			here := fmt.Sprintf("%s[%d]", path, i)
			switch {
			case i >= len(newList):
				d.add(here, pulumirpc.PropertyDiff_DELETE)
			case i >= len(oldList):
				d.add(here, pulumirpc.PropertyDiff_ADD)
			default:
				d.values(here, oldList[i], newList[i])
			}
		}
	default:
		d.add(path, pulumirpc.PropertyDiff_UPDATE)
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

// add records a difference; it replaces if a pattern names its path or what its path is in. Kinds of
// difference that replace follow those that do not: ADD 0, ADD_REPLACE 1, DELETE 2, and so on.
func (d *differ) add(path string, kind pulumirpc.PropertyDiff_Kind) {
	for pattern := index.ReplaceAllString(path, "[]"); pattern != ""; pattern, _, _ = cutLast(pattern) {
		if d.replaces[pattern] || d.replaces[strings.TrimSuffix(pattern, "[]")] {
			kind++
			break
		}
	}
	d.found[path] = &pulumirpc.PropertyDiff{Kind: kind, InputDiff: true}
}

func internal(path, name string) bool { return path == "" && len(name) > 2 && name[:2] == "__" }

// equal compares values; an unknown one equals nothing, for it may become anything.
func equal(a, b any) bool {
	return !HoldsUnknown(a) && !HoldsUnknown(b) && reflect.DeepEqual(normal(a), normal(b))
}

func normal(value any) any {
	if p, ok := value.(Properties); ok {
		return map[string]any(p)
	}
	return value
}

// HoldsUnknown says whether a value, or anything in it, is not known yet.
func HoldsUnknown(value any) bool {
	switch v := value.(type) {
	case Unknown:
		return true
	case []any:
		for _, item := range v {
			if HoldsUnknown(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if HoldsUnknown(item) {
				return true
			}
		}
	}
	return false
}
