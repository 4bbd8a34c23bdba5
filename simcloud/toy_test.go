package simcloud_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

type Map = simtest.Map

const (
	shelf = "toy:index:Shelf"
	box   = "toy:index:Box"
)

const toySchema = `{
	"resources": {
		"toy:index:Shelf": {"inputs": {"name": "!string"}, "outputs": {"name": "string", "owner": "string"}},
		"toy:index:Box": {
			"inputs": {"name": "!string", "shelf": "!string", "size": "integer", "label": "#toy.Label", "beside": "[]string"},
			"outputs": {"name": "string", "shelf": "string", "size": "integer", "label": "#toy.Label", "beside": "[]string", "code": "string"}
		}
	},
	"types": {"toy.Label": {"text": "!string", "colour": "string"}}
}`

// toys is a cloud of shelves and the boxes on them: enough to show every part of the kernel.
func toys(t *testing.T) *simcloud.Cloud {
	schema, err := simcloud.ParseSchema([]byte(toySchema))
	require.NoError(t, err)
	return &simcloud.Cloud{
		Package: "toy", Version: "1.0.0", Schema: schema, Key: strings.ToLower,
		Exists: func(_, id string) error { return fmt.Errorf("%s exists", id) },
		Missing: func(_, id, path string) error {
			return fmt.Errorf("%s is missing%s", id, map[bool]string{true: "", false: " for " + path}[path == ""])
		},
		DeleteFirst: func(*simcloud.Kind, simcloud.Properties, simcloud.Properties) bool { return true },
		Kinds: []*simcloud.Kind{
			{
				Token: shelf, Duration: time.Second, Replaces: []string{"name"},
				ID:       func(identity *simcloud.Identity) (string, string) { return identity.Inputs.Text("name"), "" },
				InputsOf: func(id string) simcloud.Properties { return simcloud.Properties{"name": id} },
				Outputs:  func(simcloud.View, *simcloud.Resource) simcloud.Properties { return nil },
				Compute: func(tx *simcloud.Transaction) error {
					tx.After.Computed["owner"] = tx.Settings["owner"]
					return nil
				},
				DeleteRules: []simcloud.Rule{func(tx *simcloud.Transaction) error {
					if users := tx.World.Referrers(tx.Before.ID); len(users) > 0 {
						return fmt.Errorf("%s is used by %s", tx.Before.ID, users[0].Resource.ID)
					}
					return nil
				}},
			},
			{
				Token: box, Duration: time.Second, Replaces: []string{"name", "shelf"},
				Enums: map[string][]string{"label.colour": {"red", "green"}}, Ranges: map[string]simcloud.Range{"size": {Min: 1, Max: 9}},
				References: []simcloud.Reference{{Path: "beside[]", To: []string{box}}},
				ID: func(identity *simcloud.Identity) (string, string) {
					return identity.Inputs.Text("shelf") + "/" + identity.Inputs.Text("name"), identity.Inputs.Text("shelf")
				},
				InputsOf: func(id string) simcloud.Properties {
					shelf, name, _ := strings.Cut(id, "/")
					return simcloud.Properties{"shelf": shelf, "name": name}
				},
				Defaults: func(p simcloud.Properties) { p.Default("size", 1.0) },
				Rules: []simcloud.Rule{func(tx *simcloud.Transaction) error {
					if tx.Changes("size") {
						tx.Restart()
					}
					if tx.After.Properties.Number("size") == 7 {
						return errors.New("no box has size 7")
					}
					return nil
				}},
				Compute: func(tx *simcloud.Transaction) error {
					tx.After.Computed.Default("code", tx.Unique("code"))
					return nil
				},
			},
		},
	}
}

func play(t *testing.T, options simcloud.Options) *simtest.Engine {
	options.Clouds = []*simcloud.Cloud{toys(t)}
	return simtest.Start(t, options, Map{"owner": "me"})
}
