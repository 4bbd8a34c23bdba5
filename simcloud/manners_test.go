package simcloud_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

const (
	owner = "craft:index:Owner"
	pot   = "craft:index:Pot"
)

const craftSchema = `{
	"resources": {
		"craft:index:Owner": {"inputs": {"name": "!string", "age": "integer"}, "outputs": {"name": "string", "age": "integer"}},
		"craft:index:Pot": {
			"inputs": {"owner": "string", "glaze": "string", "handles": "[]string", "lid": "#craft.Lid"},
			"outputs": {"owner": "string", "glaze": "string", "handles": "[]string", "lid": "#craft.Lid", "mark": "string", "fired": "integer"}
		}
	},
	"functions": {"craft:index:getPot": {"inputs": {"glaze": "!string", "large": "boolean"}, "outputs": {"id": "string", "glaze": "string"}}},
	"types": {"craft.Lid": {"knob": "string", "rim": "string"}}
}`

// crafts is a cloud with the manners of one that makes up ids: pots have marks, owners have names that pots may share.
func crafts(t *testing.T) *simcloud.Cloud {
	schema, err := simcloud.ParseSchema([]byte(craftSchema))
	require.NoError(t, err)
	return &simcloud.Cloud{
		Package: "craft", Version: "1.0.0", Schema: schema, UnsetIsNoChange: true,
		Exists:  func(token, id string) error { return fmt.Errorf("%s %s exists", token, id) },
		Missing: func(token, id, path string) error { return fmt.Errorf("no %s %s for '%s'", token, id, path) },
		Stable:  func(_, output string) bool { return output == "mark" },
		Report: func(_ *simcloud.Kind, operation simcloud.OperationKind, id string, refusal error) error {
			return fmt.Errorf("%s %q: %w", operation, id, refusal)
		},
		Kinds: []*simcloud.Kind{
			{
				Token: owner, Namespace: "owner ",
				ID:       func(identity *simcloud.Identity) (string, string) { return identity.Inputs.Text("name"), "" },
				InputsOf: func(id string) simcloud.Properties { return simcloud.Properties{"name": id} },
				Adopts:   func(inputs simcloud.Properties) bool { return inputs.Number("age") > 90 },
				DeleteRules: []simcloud.Rule{func(tx *simcloud.Transaction) error {
					for _, user := range tx.World.Referrers(tx.Before.ID) {
						return errors.New("owns " + user.Resource.ID)
					}
					return nil
				}},
			},
			{
				Token: pot, KeptWhenUnset: []string{"glaze", "handles", "lid"}, Replaces: []string{"handles"},
				ReplacesIf: func(before, after simcloud.Properties) []string {
					if before.Has("owner") != after.Has("owner") {
						return []string{"owner"}
					}
					return nil
				},
				References: []simcloud.Reference{{Path: "owner", To: []string{owner}}},
				ID:         func(identity *simcloud.Identity) (string, string) { return "pot-" + identity.Unique()[:8], "" },
				Defaults:   func(p simcloud.Properties) { p.Default("glaze", "clear"); p.Default("lid.rim", "flat") },
				Rules: []simcloud.Rule{func(tx *simcloud.Transaction) error {
					if tx.After.Properties.Text("glaze") == "lead" {
						return errors.New("lead is poison")
					}
					return nil
				}},
				Compute: func(tx *simcloud.Transaction) error {
					tx.After.Computed["mark"] = "M"
					tx.After.Computed["fired"] = tx.After.Computed.Number("fired") + 1
					return nil
				},
				Effect: func(_ context.Context, e simcloud.Effect) (simcloud.Properties, error) {
					return nil, e.Mutate(func(world *simcloud.World) error {
						world.Change("owner "+e.After.Properties.Text("owner"), func(r *simcloud.Resource) { r.Properties["age"] = 50.0 })
						return nil
					})
				},
				DeleteRules: []simcloud.Rule{func(tx *simcloud.Transaction) error {
					if r, ok := tx.World.Get("owner " + tx.Before.Properties.Text("owner")); ok {
						tx.PutFirst(r.Clone())
					}
					return nil
				}},
			},
		},
		Functions: []*simcloud.Function{{
			Token: "craft:index:getPot",
			Invoke: func(view simcloud.View, _ map[string]string, _ simcloud.Properties) (simcloud.Properties, error) {
				return simcloud.Properties{"id": view.List(pot)[0].ID, "glaze": "clear", "secret": "no output of it"}, nil
			},
		}},
	}
}

func throw(t *testing.T, h simcloud.DataPlane) *simtest.Engine {
	return simtest.Start(t, simcloud.Options{Clouds: []*simcloud.Cloud{crafts(t)}, DataPlane: h}, Map{})
}

func TestMadeUpIDsFollowWhatIsMadeNotWhen(t *testing.T) {
	t.Parallel()
	one, other := throw(t, nil), throw(t, nil)
	a, b := one.MustCreate(pot, "a", Map{}), one.MustCreate(pot, "b", Map{})
	assert.Equal(t, b.ID, other.MustCreate(pot, "b", Map{}).ID)
	assert.Equal(t, a.ID, other.MustCreate(pot, "a", Map{}).ID)
	_, err := one.Create(pot, "c", Map{"glaze": "lead"})
	require.EqualError(t, err, `create "": lead is poison`)
	assert.Equal(t, other.MustCreate(pot, "c", Map{}).ID, one.MustCreate(pot, "c", Map{}).ID, "what was refused was not made")
	assert.NotEqual(t, a.ID, one.MustCreate(pot, "a", Map{}).ID)
}

func TestNamesAreUniqueAmongTheirKind(t *testing.T) {
	t.Parallel()
	e := throw(t, &listener{})
	ada := e.MustCreate(owner, "ada", Map{"name": "ada"})
	assert.Equal(t, "ada", ada.ID)
	_, ok := e.Server.View().Get("owner ada")
	assert.True(t, ok)
	assert.Equal(t, "ada", e.Import(owner, "ada", "ada").Inputs["name"])
	_, err := e.Create(owner, "again", Map{"name": "ada"})
	require.EqualError(t, err, `create "": craft:index:Owner ada exists`)
	e.MustCreate(owner, "old", Map{"name": "ada", "age": 99})

	p := e.MustCreate(pot, "p", Map{"owner": "ada"})
	require.True(t, e.Refresh(ada))
	assert.Equal(t, 50.0, ada.Outputs["age"], "what an effect changes besides")
	require.EqualError(t, e.Delete(ada), `delete "ada": owns `+p.ID)
	_, err = e.Create(pot, "q", Map{"owner": "bob"})
	require.EqualError(t, err, `create "": no craft:index:Owner bob for 'owner'`)
	_, err = e.Create(pot, "q", Map{"owner": p.ID})
	require.EqualError(t, err, `create "": no craft:index:Owner `+p.ID+` for 'owner'`)
	require.EqualError(t, e.Update(p, Map{"owner": "ada", "glaze": "lead"}), `update "`+p.ID+`": lead is poison`)
}

func TestWhatStandsIsNoChange(t *testing.T) {
	t.Parallel()
	e := throw(t, nil)
	e.MustCreate(owner, "ada", Map{"name": "ada"})
	p := e.MustCreate(pot, "p", Map{"handles": list("left"), "lid": Map{"knob": "round"}})
	for name, test := range map[string]struct {
		inputs   Map
		changes  pulumirpc.DiffResponse_DiffChanges
		replaces []string
	}{
		"no longer set":            {Map{}, pulumirpc.DiffResponse_DIFF_NONE, nil},
		"set to what it is":        {Map{"handles": list("left"), "glaze": "clear"}, pulumirpc.DiffResponse_DIFF_NONE, nil},
		"set to something else":    {Map{"handles": list("left"), "glaze": "blue"}, pulumirpc.DiffResponse_DIFF_SOME, nil},
		"an item of what replaces": {Map{"handles": list("left", "right")}, pulumirpc.DiffResponse_DIFF_SOME, []string{"handles"}},
		"what replaces in a case":  {Map{"owner": "ada"}, pulumirpc.DiffResponse_DIFF_SOME, []string{"owner"}},
	} {
		diff, err := e.Diff(p, test.inputs)
		require.NoError(t, err)
		assert.Equal(t, test.changes, diff.Changes, name)
		assert.ElementsMatch(t, test.replaces, diff.Replaces, name)
	}
	bare := e.MustCreate(pot, "bare", Map{})
	diff, err := e.Diff(bare, Map{"lid": Map{"rim": "flat"}})
	require.NoError(t, err)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, diff.Changes, "an object that is so already: %v", diff.DetailedDiff)
	shown := e.PreviewUpdate(p, Map{"glaze": "blue"})
	assert.Equal(t, "M", shown["mark"])
	assert.NotEqual(t, 1.0, shown["fired"])
}

func list(texts ...string) []any {
	var items []any
	for _, text := range texts {
		items = append(items, text)
	}
	return items
}

func TestWhatMustHappenFirstIsHeardFirst(t *testing.T) {
	t.Parallel()
	heard := &ends{}
	e := throw(t, heard)
	e.MustCreate(owner, "ada", Map{"name": "ada"})
	p := e.MustCreate(pot, "p", Map{"owner": "ada"})
	heard.changes = nil
	require.NoError(t, e.Delete(p))
	assert.Equal(t, []string{"update owner ada", "delete " + p.ID}, heard.changes)
}

// ends hears of what is deleted, too.
type ends struct{ listener }

func (l *ends) Apply(ctx context.Context, change simcloud.Change) error {
	if change.After == nil {
		l.changes = append(l.changes, fmt.Sprint(change.Operation, " ", change.Before.ID))
		return nil
	}
	return l.listener.Apply(ctx, change)
}

func TestTypedFunctions(t *testing.T) {
	t.Parallel()
	e := throw(t, nil)
	p := e.MustCreate(pot, "p", Map{})
	got, err := e.Invoke("craft:index:getPot", Map{"glaze": "clear"})
	require.NoError(t, err)
	assert.Equal(t, Map{"id": p.ID, "glaze": "clear"}, got)
	_, err = e.Invoke("craft:index:getPot", Map{"large": true})
	require.EqualError(t, err, "missing required property 'glaze'")
	_, err = e.Invoke("craft:index:getPot", Map{"glaze": "clear", "large": "yes"})
	require.EqualError(t, err, "'large' should be of type 'boolean' but got a string")
}
