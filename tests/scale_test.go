package tests

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// TestAddingABrokerTouchesNoOtherMachine adds a fourth broker: the others keep machine, address, disk and endpoint port.
func TestAddingABrokerTouchesNoOtherMachine(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testAddingABroker)
}

func testAddingABroker(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.up(t)
	before := r.open(t).Validate().Cluster
	r.set(t, map[string]any{"cluster.brokers": 4})
	after := r.open(t).Validate().Cluster
	require.Equal(t, before.PortMap(before.Links[0]), after.PortMap(after.Links[0])[:3])
	require.Equal(t, 9096, after.PortMap(after.Links[0])[3].EndpointPort)
	for _, o := range r.up(t) {
		switch {
		case strings.HasPrefix(o.Name, "brokers-4-"), strings.Contains(o.Name, "-for-tidb-4-"), strings.HasSuffix(o.Name, "-target-4"), o.Name == "link-tidb-listener-9096":
			require.Equal(t, simcloud.OperationCreate, o.Kind, o.Name)
		case slices.ContainsFunc([]string{"-vm", "-nic", "-data", "-attachment", "-targets"}, func(part string) bool { return strings.HasSuffix(o.Name, part) }),
			strings.Contains(o.Name, "-listener-"):
			t.Errorf("%s of %s", o.Kind, o.Name)
		default:
			require.Equal(t, simcloud.OperationUpdate, o.Kind, o.Name)
		}
	}
}

// TestABrokerLeavesOnlyWhenItsDataIsGivenUp takes a broker away: the preview refuses, because its data disk is
// protected and nobody said that its partitions have moved. Said so, it goes, and nothing of it stays.
func TestABrokerLeavesOnlyWhenItsDataIsGivenUp(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testABrokerLeaves)
}

func testABrokerLeaves(t *testing.T, c cloud) {
	r := newRig(t, c, "five-brokers")
	r.up(t)
	r.set(t, map[string]any{"cluster.brokers": 4})
	_, err := r.open(t).Preview(t.Context(), nil)
	require.ErrorContains(t, err, c.diskLabel+" of node 5: it is protected, and the configuration no longer has it")
	require.ErrorContains(t, err, "add it to operator.retire")
	require.NotContains(t, err.Error(), "unprotect", "as the engine advises")

	r.set(t, map[string]any{"cluster.brokers": 5, "operator": map[string]any{"retire": []any{5}}})
	require.Empty(t, r.up(t), "lifting a protection changes nothing in the cloud")
	r.set(t, map[string]any{"cluster.brokers": 4, "operator": nil})
	removed := []string{}
	for _, o := range r.up(t) {
		if o.Kind == simcloud.OperationDelete {
			removed = append(removed, o.Name)
		}
	}
	require.ElementsMatch(t, c.lastBroker, removed)
	for _, resource := range r.state(t) {
		require.NotContains(t, resource.URN.Name(), "brokers-5-")
	}
	r.wantOnly(t, r.there, "of node 5 something is left")
}

// TestALinkLeavesOnlyWhenItsEndpointIsRetired removes a consumer in the same two steps.
func TestALinkLeavesOnlyWhenItsEndpointIsRetired(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testALinkLeaves)
}

func testALinkLeaves(t *testing.T, c cloud) {
	r := newRig(t, c, "five-brokers")
	r.up(t)
	links := r.config["kafkalink:links"].([]any)
	r.set(t, map[string]any{"links": links[:1]})
	_, err := r.open(t).Preview(t.Context(), nil)
	require.ErrorContains(t, err, c.serviceLabel+" of link analytics: it is protected")
	require.ErrorContains(t, err, "add analytics to operator.retireEndpoints")

	r.set(t, map[string]any{"links": links, "operator": map[string]any{"retireEndpoints": []any{"analytics"}}})
	require.Empty(t, r.up(t))
	r.set(t, map[string]any{"links": links[:1], "operator": nil})
	var removed []string
	for _, o := range r.up(t) {
		if o.Kind == simcloud.OperationDelete {
			require.True(t, strings.HasPrefix(o.Name, "link-analytics-"), o.Name)
			removed = append(removed, o.Name)
		}
	}
	require.Subset(t, removed, []string{"link-analytics-service", "link-analytics-lb"})
	for _, resource := range r.state(t) {
		require.NotContains(t, resource.URN.Name(), "link-analytics")
	}
}
