package kafka_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestDocumentsClusterIDIsValid(t *testing.T) {
	t.Parallel()
	require.NoError(t, kafka.ValidClusterID("BRl69zcmTFmiPaoaANybiw"))
}

func TestReservedClusterIDs(t *testing.T) {
	t.Parallel()
	require.Error(t, kafka.ValidClusterID("AAAAAAAAAAAAAAAAAAAAAA"), "0")
	require.Error(t, kafka.ValidClusterID("AAAAAAAAAAAAAAAAAAAAYw"), "99")
	require.NoError(t, kafka.ValidClusterID("AAAAAAAAAAAAAAAAAAAAZA"), "100")
}

// An id that changed between releases would make every host refuse its disk.
func TestDerivedClusterIDNeverChanges(t *testing.T) {
	t.Parallel()
	require.Equal(t, "YCyVqjpxSZ-ojB3FXHr9sQ", kafka.DeriveClusterID("org/project/stack", "kafka"))
}

func TestDerivedClusterIDsAreValidAndDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	// One in 64 begins with a hyphen at first.
	for i := range 2000 {
		identity := fmt.Sprintf("org/project/stack-%d", i/2)
		name := fmt.Sprintf("kafka-%d", i%2)
		id := kafka.DeriveClusterID(identity, name)
		require.NoError(t, kafka.ValidClusterID(id), id)
		require.Empty(t, seen[id], "%s %s has the id of %s", identity, name, seen[id])
		seen[id] = identity + " " + name
	}
}

func TestGivenClusterIDWins(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{ID: "BRl69zcmTFmiPaoaANybiw"})
	require.Equal(t, "BRl69zcmTFmiPaoaANybiw", c.ID)
}
