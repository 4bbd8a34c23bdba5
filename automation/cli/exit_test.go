package cli

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	cases := map[automation.Kind]int{
		automation.KindOther:         1,
		automation.KindConfiguration: 2,
		automation.KindEngine:        1,
		automation.KindLogin:         3,
		automation.KindStackNotFound: 6,
		automation.KindResource:      4,
		automation.KindProgram:       1,
		automation.KindLocked:        1,
		automation.KindCancelled:     8,
		automation.KindKilled:        8,
	}
	for kind, want := range cases {
		require.Equal(t, want, exitCode(&automation.Error{Kind: kind}), kind.String())
	}
	interrupted := &automation.Error{Err: errors.Join(errors.New("signal: interrupt"), context.Canceled)}
	require.Equal(t, 8, exitCode(interrupted))
}
