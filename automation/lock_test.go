package automation

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLocksAsTheCLITellsOfThem(t *testing.T) {
	t.Parallel()
	said := "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
		"  file:///state/.pulumi/locks/organization/house/dev/5e8a.json: created by maria@bastion (pid 4711) at 2026-01-02T03:04:05Z\n" +
		`  file:///state/.pulumi/locks/organization/house/dev/77aa.json: created by CORP\jo@ann@10.0.0.7 (pid 12) at 2026-01-02T05:04:05+02:00`

	locks := locksIn(said)

	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	require.Len(t, locks, 2)
	require.Equal(t, Lock{"maria", "bastion", 4711, at}, locks[0])
	require.Equal(t, `CORP\jo@ann`, locks[1].User)
	require.Equal(t, "10.0.0.7", locks[1].Host)
	require.True(t, at.Equal(locks[1].Since))
	require.Equal(t, "the stack is held by maria@bastion, process 4711, since 2026-01-02 03:04:05 UTC", holders(locks[:1], said))
	require.Equal(t, "another operation holds the stack\nconflict", holders(nil, "conflict"))
	require.Empty(t, locksIn(strings.Replace(said, "by 2 lock", "by 3 lock", 1)), "one is not told of")
	require.Empty(t, locksIn("error: [409] Conflict: Another update is currently in progress."))
}
