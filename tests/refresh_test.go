package tests

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
)

// TestRefreshTellsWhichLinkAndWhichBroker alters and removes things behind Pulumi's back. On AWS hosts' own reports, which
// they write into parameters, are no drift.
func TestRefreshTellsWhichLinkAndWhichBroker(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testRefreshTellsWhichLinkAndWhichBroker)
}

func testRefreshTellsWhichLinkAndWhichBroker(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.up(t)
	found, err := r.open(t).PlanRefresh(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, found.Drift)

	r.seed = func(world *simcloud.World) error {
		c.tamper(world)
		world.Delete(world.List(c.natGateway)[0].ID)
		return nil
	}
	for range 2 { // looking changes nothing
		found, err = r.open(t).PlanRefresh(t.Context(), nil)
		require.NoError(t, err)
		require.Len(t, found.Drift, 2, "%+v", found.Drift)
	}
	slices.SortFunc(found.Drift, func(a, b automation.Drift) int { return strings.Compare(a.Resource.Label, b.Resource.Label) })
	require.Equal(t, "NAT gateway", found.Drift[0].Resource.Label)
	require.True(t, found.Drift[0].Gone)
	require.Equal(t, c.tampered.Resource.Label, found.Drift[1].Resource.Label)
	require.Equal(t, c.tampered.Properties, found.Drift[1].Properties)

	taken, err := r.open(t).Refresh(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, taken.Drift, 2)
	again, err := r.open(t).PlanRefresh(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, again.Drift)
	require.ElementsMatch(t, c.regained, told(r.up(t)))
	require.Empty(t, r.up(t))
}
