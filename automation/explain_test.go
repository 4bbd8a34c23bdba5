package automation

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatFailedIsSaidWithoutTheEnginesPreamble(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"an unhandled error occurred: waiting for RPCs: resolving options: node 2: no host report": "node 2: no host report",
		"1 error occurred:\n\t* Status=409 Code=\"InUse\"\n\n":                                     "Status=409 Code=\"InUse\"",
		"2 errors occurred:\n\t* one\n\t* two":                                                     "2 errors occurred:\n\t* one\n\t* two",
		"quota exceeded":                                                                           "quota exceeded",
	} {
		require.Equal(t, want, withoutPreamble(said))
	}
}
