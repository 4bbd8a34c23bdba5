// Package fabrictest has what tests of all clouds' readers share.
package fabrictest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Damage takes away, one by one, every resource and every property of a set-up, and puts values of the wrong kind in their
// place: none must stop the reader.
func Damage(t *testing.T, server *simcloud.Server, read func(simcloud.View) fabric.Deployment) {
	t.Helper()
	whole := read(server.View())
	tried := 0
	undone := errors.New("undone")
	attempt := func(what string, damage func(*simcloud.World)) {
		tried++
		require.ErrorIs(t, server.Mutate(func(world *simcloud.World) error {
			damage(world)
			require.NotPanics(t, func() { read(world) }, what)
			return undone
		}), undone)
	}
	for _, r := range server.View().List("") {
		attempt(r.ID, func(w *simcloud.World) { w.Delete(r.ID) })
		for _, of := range []string{"properties", "computed"} {
			contents := func(r *simcloud.Resource) simcloud.Properties {
				if of == "computed" {
					return r.Computed
				}
				return r.Properties
			}
			for _, path := range paths(map[string]any(contents(r))) {
				for _, wrong := range []any{nil, "", "nonsense", -1.0, true, []any{}, []any{nil, "x"}, map[string]any{}} {
					attempt(fmt.Sprint(r.ID, path, wrong), func(w *simcloud.World) {
						w.Change(r.ID, func(r *simcloud.Resource) { replace(map[string]any(contents(r)), path, wrong) })
					})
				}
			}
		}
	}
	require.Greater(t, tried, 500)
	require.Equal(t, whole, read(server.View()))
}

// paths are the ways to all values in another: names in objects and numbers in lists.
func paths(value any) [][]any {
	var found [][]any
	below := func(step any, inner any) {
		found = append(found, []any{step})
		for _, path := range paths(inner) {
			found = append(found, append([]any{step}, path...))
		}
	}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			below(name, v[name])
		}
	case []any:
		for i, item := range v {
			below(i, item)
		}
	}
	return found
}

func replace(in any, path []any, value any) {
	var next any
	switch step := path[0].(type) {
	case string:
		object := in.(map[string]any)
		if next = object[step]; len(path) == 1 {
			object[step] = value
		}
	case int:
		items := in.([]any)
		if next = items[step]; len(path) == 1 {
			items[step] = value
		}
	}
	if len(path) > 1 {
		replace(next, path[1:], value)
	}
}
