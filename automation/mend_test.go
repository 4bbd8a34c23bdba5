package automation

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatWasFoundGoesWhereTheStateExpectsIt(t *testing.T) {
	t.Parallel()
	const pending = `"pending_operations": [{"type": "creating", "resource": {"urn": "vm", "inputs": {"size": 2}}}]`
	cases := map[string]struct {
		resources string
		found     *Found
		want      string
	}{
		"a new one comes last": {
			`[{"urn": "disk"}]`, &Found{ID: "id-2", Outputs: map[string]any{"n": 1}},
			`[{"urn": "disk"}, {"urn": "vm", "id": "id-2", "inputs": {"size": 2}, "outputs": {"n": 1}}]`,
		},
		"one that does not exist is forgotten": {
			`[{"urn": "disk"}]`, nil,
			`[{"urn": "disk"}]`,
		},
		"one whose predecessor was deleted takes its place": {
			`[{"urn": "vm", "id": "id-1", "pendingReplacement": true}, {"urn": "command", "dependencies": ["vm"]}]`, &Found{ID: "id-2"},
			`[{"urn": "vm", "id": "id-2", "inputs": {"size": 2}, "outputs": null}, {"urn": "command", "dependencies": ["vm"]}]`,
		},
		"one whose predecessor is still there comes before it": {
			`[{"urn": "vm", "id": "id-1"}, {"urn": "command", "dependencies": ["vm"]}]`, &Found{ID: "id-2"},
			`[{"urn": "vm", "id": "id-2", "inputs": {"size": 2}, "outputs": null}, {"urn": "vm", "id": "id-1", "delete": true}, {"urn": "command", "dependencies": ["vm"]}]`,
		},
		"one that was created since is left as it is": {
			`[{"urn": "vm", "id": "id-2", "protect": true}]`, &Found{ID: "id-2"},
			`[{"urn": "vm", "id": "id-2", "protect": true}]`,
		},
		"one that Azure did not finish is gone over": {
			`[]`, &Found{ID: "id-2", Unfinished: "Failed"},
			`[{"urn": "vm", "id": "id-2", "inputs": {"size": 2}, "outputs": null, "initErrors": ["Failed"]}]`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := `{"version": 3, "deployment": {"manifest": {"magic": "m"}, "resources": ` + c.resources + `, ` + pending + `}}`
			after, err := export{text: []byte(before)}.with(map[string]*Found{"vm": c.found})
			require.NoError(t, err)
			require.JSONEq(t, `{"version": 3, "deployment": {"manifest": {"magic": "m"}, "resources": `+c.want+`}}`, string(after))
			require.True(t, json.Valid(after))
		})
	}
}
