package config

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Namespace of a stack's configuration that is ours; other namespaces are other people's.
const Namespace = "kafkalink:"

// Keys of a stack's configuration, with their namespace: those that section, a struct, has fields for.
func Keys(section any) []string {
	var keys []string
	for _, name := range Names(section) {
		keys = append(keys, Namespace+name)
	}
	return keys
}

// Read decodes our namespace strictly into a struct.
func Read[C any](values map[string]any) (C, field.ErrorList) {
	var c C
	section := map[string]any{}
	for key, value := range values {
		if name, ours := strings.CutPrefix(key, Namespace); ours {
			section[name] = value
		}
	}
	errs := Decode(nil, section, &c)
	return c, errs
}

// WithoutEchoes drops from all problems, which begin with those of settings that could not even be read, what the rules say
// of those settings.
func WithoutEchoes(all, unreadable field.ErrorList) field.ErrorList {
	kept := slices.Clone(unreadable)
	for _, e := range all[len(unreadable):] {
		if !slices.ContainsFunc(unreadable, func(u *field.Error) bool { return within(e.Field, u.Field) }) {
			kept = append(kept, e)
		}
	}
	return kept
}

// within says whether a path is another or lies below it: links[1].name below links[1], links[10] not.
func within(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
