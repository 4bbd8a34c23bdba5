package naming

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNamesAreCutToTheLimitAndStayApart(t *testing.T) {
	t.Parallel()
	rule := Rule{Kind: "machine", Max: 64, Pattern: regexp.MustCompile(`^[a-z0-9-]+$`), Words: "holds only small letters, digits and hyphens"}
	long := "a-name-far-longer-than-sixty-four-characters-that-a-cloud-would-refuse-for-a-machine"
	one, two := rule.Fit(long+"-1"), rule.Fit(long+"-2")
	require.Len(t, one, 64)
	require.Len(t, two, 64)
	require.NotEqual(t, one, two)
	require.Empty(t, rule.Check(nil, one))
	require.Equal(t, "short-1", rule.Fit("short-1"))
}

func TestOfTagsLaidOverEachOtherTheLaterCounts(t *testing.T) {
	t.Parallel()
	theirs := map[string]string{"team": "streams", "node": "theirs"}
	require.Equal(t, map[string]string{"team": "streams", "node": "1"}, Overlay(theirs, nil, map[string]string{"node": "1"}))
	require.Equal(t, "theirs", theirs["node"], "what lies below stays as it is")
	require.Equal(t, map[string]string{"node": "1"}, Overlay(nil, map[string]string{"node": "1"}))
}
