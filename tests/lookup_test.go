package tests

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// TestEverythingThatWasBeingCreatedIsFound lets the state know of a whole stack only that it was being created, as after a
// kill: the next up looks up each resource, of whatever type, and has nothing left to make but what a second creation finds.
func TestEverythingThatWasBeingCreatedIsFound(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testEverythingThatWasBeingCreatedIsFound)
}

func testEverythingThatWasBeingCreatedIsFound(t *testing.T, c cloud) {
	for _, scenario := range []string{"documents", "five-brokers"} { // the second has a bastion, a key pair, clients and links
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c, scenario)
			var theirs foreign
			r.seed = func(w *simcloud.World) error { // what nothing of ours is to be taken for
				err := c.settled(w)
				theirs = w.List("")
				return err
			}
			r.up(t)
			before := r.there
			r.forgets(t)

			for _, o := range r.up(t) {
				require.Equal(t, simcloud.OperationCreate, o.Kind, "%s %s", o.Kind, o.Name)
				require.Contains(t, c.madeAgain, o.Type, o.Name)
			}
			require.Equal(t, before, r.there, "nothing exists twice")
			theirs.wantUntouched(t, r.view, "found")
			r.wantOnly(t, theirs.others(r.view), "the state has all of it")
			require.Empty(t, r.up(t))
		})
	}
}

// forgets makes of every resource in the state a creation that was begun.
func (r *rig) forgets(t *testing.T) {
	t.Helper()
	path := r.stateFile(t)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var file map[string]any
	require.NoError(t, json.Unmarshal(text, &file))
	latest := file["checkpoint"].(map[string]any)["latest"].(map[string]any)
	var pending []any
	latest["resources"] = slices.DeleteFunc(latest["resources"].([]any), func(entry any) bool {
		made := entry.(map[string]any)
		if made["custom"] != true || strings.HasPrefix(made["type"].(string), "pulumi:") {
			return false
		}
		delete(made, "id")
		delete(made, "outputs")
		// It would not have begun before what it needs had ended; of what is not looked up nobody would know that.
		made["dependencies"] = slices.DeleteFunc(list(made["dependencies"]), r.cloud.isMadeAgain)
		needed, _ := made["propertyDependencies"].(map[string]any)
		for property, urns := range needed {
			needed[property] = slices.DeleteFunc(list(urns), r.cloud.isMadeAgain)
		}
		pending = append(pending, map[string]any{"type": "creating", "resource": made})
		return true
	})
	require.NotEmpty(t, pending)
	latest["pending_operations"] = pending
	text, err = json.Marshal(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text, 0o600))
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}

// isMadeAgain says whether a URN is of a type that is not looked up.
func (c cloud) isMadeAgain(urn any) bool {
	return slices.Contains(c.madeAgain, string(resource.URN(urn.(string)).Type()))
}
