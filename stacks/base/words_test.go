package base

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHowAProtectedResourceIsLetGo(t *testing.T) {
	t.Parallel()
	require.Contains(t, LetGo.Of("brokers-12-data"), "node 12")
	require.Contains(t, LetGo.Of("link-tidb-service"), "add tidb to operator.retireEndpoints")
	require.Empty(t, LetGo.Of("brokers-12-vm"))
}
