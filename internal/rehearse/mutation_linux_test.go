package rehearse

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	simulated "github.com/kafkalink/kafkalink/simcloud/azure"
)

func TestMutationsCoverEveryValueAndRemoveEveryPart(t *testing.T) {
	t.Parallel()
	server, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{simulated.Cloud()}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	properties := func() map[string]any {
		return map[string]any{
			"name": "rule", "tags": map[string]any{"team": "data"},
			"access": "Allow", "priority": 100.0, "sourceAddressPrefix": "10.0.0.0/24", "destinationPortRanges": []any{"9092", "29092"},
		}
	}
	s := &stage{cloud: Azure(), server: server}

	all := s.mutationsOf(&simcloud.Resource{ID: "/rules/r", Type: azureSecurityRule, Properties: properties()})

	var texts []string
	for _, m := range all {
		texts = append(texts, m.String())
	}
	require.Equal(t, []string{
		"r: access removed", "r: access becomes Deny",
		"r: destinationPortRanges removed", "r: destinationPortRanges[0] removed", "r: destinationPortRanges[0] becomes 1024",
		"r: priority removed", "r: priority becomes 101", "r: priority becomes 1000",
		"r: sourceAddressPrefix removed", "r: sourceAddressPrefix becomes 203.0.113.0/24",
	}, texts)
	for _, m := range all {
		changed := properties()
		m.path.put(changed, m.to)
		require.NotEqual(t, properties(), changed, m.String())
	}
}

func TestPathsLeadToWhatTheySay(t *testing.T) {
	t.Parallel()
	p := path{"rules", 0, "probe", "id"}
	require.Equal(t, "rules[0].probe.id", p.String())
	require.Equal(t, "rules[].probe.id", p.pattern())
	for _, c := range []struct {
		path path
		to   any
		want string
	}{
		{p, "b", "map[rules:[map[probe:map[id:b]] map[]]]"},
		{p, nil, "map[rules:[map[probe:map[]] map[]]]"},
		{path{"rules", 1}, nil, "map[rules:[map[probe:map[id:a]]]]"},
		{path{"rules"}, nil, "map[]"},
	} {
		in := map[string]any{"rules": []any{map[string]any{"probe": map[string]any{"id": "a"}}, map[string]any{}}}
		require.Equal(t, c.want, fmt.Sprint(c.path.put(in, c.to)), c.path.String())
	}
}
