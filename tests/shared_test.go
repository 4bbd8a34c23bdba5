package tests

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
)

// TestLinksJoinAndLeaveAnEndpointService lets a second link join the first one's service, takes the first one away, and then
// lets a third one join: the service and its load balancer stay, and so does what the consumers know of them.
func TestLinksJoinAndLeaveAnEndpointService(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testLinksJoinAndLeaveAnEndpointService)
}

func testLinksJoinAndLeaveAnEndpointService(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	stays := []string{"link-tidb-service", "link-tidb-lb", "brokers-1-vm", "brokers-2-vm", "brokers-3-vm"}
	made := told(r.up(t))
	for _, name := range stays {
		require.Contains(t, made, "create "+name)
	}
	service := r.service(t, "tidb")
	first := r.config["kafkalink:links"].([]any)[0].(map[string]any)
	joining := func(name string, base int) map[string]any {
		return map[string]any{
			"name": name, "endpoint": "tidb", "portBase": base,
			"pattern": strings.Replace(c.link["links.1"].(map[string]any)["pattern"].(string), "<broker_id>", "<broker_id>-"+name, 1),
		}
	}
	// The first link that names the service has its settings; what is a link's own stays with that.
	heir := maps.Clone(first)
	maps.Copy(heir, joining("second", 9192))
	for _, own := range []string{"uniqueName", "random", "bootstrapPort", "targetGroup", "bootstrapTargetGroup", "pool", "rule", "probe"} {
		delete(heir, own)
	}
	for _, step := range []struct {
		what  string
		links []any
		names []string
		// cutOff is who is warned of: defaults are counted, and the second link becomes the first.
		cutOff []automation.CutOff
	}{
		{"a second link joins", []any{first, joining("second", 9192)}, []string{"tidb", "second"}, nil},
		{"the first leaves", []any{heir}, []string{"second"}, []automation.CutOff{{
			Link: "second", Why: "brokers listen on EXTERNAL:39092, until now on EXTERNAL2:39093", Keep: "listener: EXTERNAL2, listenerPort: 39093",
		}}},
		{"a third joins", []any{heir, joining("third", 9292)}, []string{"second", "third"}, nil},
		{"its ports change", []any{heir, joining("third", 9392)}, []string{"second", "third"}, []automation.CutOff{{
			Link: "third", Why: "endpoint ports are counted from 9392, until now from 9292", Keep: "portBase: 9292",
		}}},
		{"it leaves again", []any{heir}, []string{"second"}, nil},
	} {
		r.config["kafkalink:links"] = step.links
		r.write(t)
		preview, err := r.open(t).Preview(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, step.cutOff, preview.CutOff, step.what)
		for _, o := range r.up(t) {
			if o.Kind != simcloud.OperationUpdate {
				require.NotContains(t, stays, o.Name, "%s: %s", step.what, o.Kind)
			}
		}
		for _, name := range step.names {
			require.Equal(t, service, r.service(t, name), step.what)
		}
		require.Empty(t, r.up(t), step.what+": a second up changes nothing")
	}
}

// service is the name by which consumers know a link's service.
func (r *rig) service(t *testing.T, link string) string {
	t.Helper()
	outputs, err := r.open(t).Outputs(t.Context())
	require.NoError(t, err)
	require.Contains(t, outputs.Links, link)
	require.NotEmpty(t, outputs.Links[link].Service.Name)
	return outputs.Links[link].Service.Name
}
