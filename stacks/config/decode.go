// Package config reads a stack's configuration into typed sections, strictly: whatever is unknown or of the wrong kind
// is an error with its path, and all of them come back at once.
package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Decode fills into, a pointer to a struct, slice, map, string, int or bool with json tags, from a value as YAML or JSON
// gives it. Fields of embedded structs are their owner's. A nil value leaves into as it is.
func Decode(path *field.Path, value, into any) field.ErrorList {
	return decode(path, value, reflect.ValueOf(into).Elem())
}

func decode(path *field.Path, value any, into reflect.Value) field.ErrorList {
	if value == nil {
		return nil
	}
	switch into.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(into.Type().Elem())
		errs := decode(path, value, fresh.Elem())
		into.Set(fresh)
		return errs
	case reflect.Struct:
		return decodeStruct(path, value, into)
	case reflect.Slice:
		return decodeSlice(path, value, into)
	case reflect.Map:
		return decodeMap(path, value, into)
	case reflect.String:
		if s, ok := value.(string); ok {
			into.SetString(s)
			return nil
		}
		return mismatch(path, value, "a text", fmt.Sprintf("write it in quotes: %q", fmt.Sprint(value)))
	case reflect.Bool:
		if b, ok := value.(bool); ok {
			into.SetBool(b)
			return nil
		}
		return mismatch(path, value, "true or false", "write true or false, without quotes")
	case reflect.Int:
		if n, ok := wholeNumber(value); ok {
			into.SetInt(n)
			return nil
		}
		return mismatch(path, value, "a whole number", "write a whole number, without quotes")
	}
	panic("config: no reading of " + into.Type().String()) // a section's type is wrong, not its value
}

func decodeStruct(path *field.Path, value any, into reflect.Value) (errs field.ErrorList) {
	members, ok := value.(map[string]any)
	if !ok {
		return mismatch(path, value, "a group of settings", "write its settings below it, each on a line: "+strings.Join(Names(into.Interface()), ", "))
	}
	known := fields(into)
	for _, key := range slices.Sorted(maps.Keys(members)) {
		target, ok := known[key]
		if !ok {
			errs = append(errs, unknown(path.Child(key), key, slices.Sorted(maps.Keys(known))))
			continue
		}
		errs = append(errs, decode(path.Child(key), members[key], target)...)
	}
	return errs
}

func decodeSlice(path *field.Path, value any, into reflect.Value) (errs field.ErrorList) {
	items, ok := value.([]any)
	if !ok {
		return mismatch(path, value, "a list", "write each item on a line that starts with a hyphen")
	}
	list := reflect.MakeSlice(into.Type(), len(items), len(items))
	for i, item := range items {
		errs = append(errs, decode(path.Index(i), item, list.Index(i))...)
	}
	into.Set(list)
	return errs
}

func decodeMap(path *field.Path, value any, into reflect.Value) (errs field.ErrorList) {
	members, ok := value.(map[string]any)
	if !ok {
		return mismatch(path, value, "a group of settings", "write each as name: value on a line")
	}
	result := reflect.MakeMap(into.Type())
	for _, key := range slices.Sorted(maps.Keys(members)) {
		item := reflect.New(into.Type().Elem()).Elem()
		errs = append(errs, decode(path.Key(key), members[key], item)...)
		result.SetMapIndex(reflect.ValueOf(key), item)
	}
	into.Set(result)
	return errs
}

// fields are the settable fields of a struct by their json names.
func fields(v reflect.Value) map[string]reflect.Value {
	found := map[string]reflect.Value{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			for inner, value := range fields(v.Field(i)) {
				found[inner] = value
			}
			continue
		}
		if f.IsExported() && name != "" && name != "-" {
			found[name] = v.Field(i)
		}
	}
	return found
}

func wholeNumber(value any) (int64, bool) {
	switch n := value.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case float64: // what JSON makes of every number; beyond 2^53 it is no longer exact
		return int64(n), n == float64(int64(n)) && n > -1<<53 && n < 1<<53
	}
	return 0, false
}

func mismatch(path *field.Path, value any, want, remedy string) field.ErrorList {
	return field.ErrorList{kafka.Invalid(path, value, "is not "+want, remedy)}
}

func unknown(path *field.Path, key string, known []string) *field.Error {
	if near := closest(key, known); near != "" {
		return kafka.Forbidden(path, "there is no such setting", "did you mean "+near+"?")
	}
	return kafka.Forbidden(path, "there is no such setting", "choose from "+strings.Join(known, ", "))
}

// Names are the keys that a section, a struct with json tags, has.
func Names(section any) []string {
	return slices.Sorted(maps.Keys(fields(reflect.ValueOf(section))))
}
