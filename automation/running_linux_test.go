package automation

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOnlyWhoIsCertainlyDeadIsDead(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	require.NoError(t, err)
	sleeper := exec.Command("sleep", "1000")
	require.NoError(t, sleeper.Start())
	t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
	short := exec.Command("sleep", "1000")
	require.NoError(t, short.Start())
	ended, err := identify(short.Process.Pid)
	require.NoError(t, err)
	require.NoError(t, short.Process.Kill())
	_ = short.Wait()
	alive, err := identify(sleeper.Process.Pid)
	require.NoError(t, err)
	since := time.Now()

	cases := map[string]struct {
		note *running // nil: none
		lock Lock
		dead bool
	}{
		"its process has ended": {
			&running{host, short.Process.Pid, ended, since}, Lock{Host: host, PID: short.Process.Pid, Since: since}, true,
		},
		"its id is another process's now": {
			&running{host, sleeper.Process.Pid, processID{ended.Boot, ended.Namespace, "1"}, since},
			Lock{Host: host, PID: sleeper.Process.Pid, Since: since}, true,
		},
		"it runs": {
			&running{host, sleeper.Process.Pid, alive, since}, Lock{Host: host, PID: sleeper.Process.Pid, Since: since}, false,
		},
		"nobody noted it": {
			nil, Lock{Host: host, PID: short.Process.Pid, Since: since}, false,
		},
		"it ran on another host": {
			&running{host, short.Process.Pid, ended, since}, Lock{Host: "bastion", PID: short.Process.Pid, Since: since}, false,
		},
		"it ran before this machine was booted, or on another of this name": {
			&running{host, short.Process.Pid, processID{"another", ended.Namespace, ended.Started}, since},
			Lock{Host: host, PID: short.Process.Pid, Since: since}, false,
		},
		"it ran in another container of this name": {
			&running{host, short.Process.Pid, processID{ended.Boot, "pid:[1]", ended.Started}, since},
			Lock{Host: host, PID: short.Process.Pid, Since: since}, false,
		},
		"the lock is older than the process": {
			&running{host, short.Process.Pid, ended, since}, Lock{Host: host, PID: short.Process.Pid, Since: since.Add(-time.Hour)}, false,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			notes := notes{filepath.Join(t.TempDir(), ownDir, "running")}
			require.NoError(t, makeOwn(notes.dir))
			if c.note != nil {
				text, err := json.Marshal(c.note)
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(notes.path(c.note.PID), text, 0o600))
			}
			require.Equal(t, c.dead, notes.dead([]Lock{c.lock}))
			require.False(t, notes.dead([]Lock{c.lock, {Host: "bastion", PID: 1}}), "one of two lives")
		})
	}
	require.False(t, notes{t.TempDir()}.dead(nil), "without a lock nobody is dead")
}

func TestANoteLastsAsLongAsTheProcess(t *testing.T) {
	t.Parallel()
	notes := notes{filepath.Join(t.TempDir(), ownDir, "running")}
	sleeper := exec.Command("sleep", "1000")
	require.NoError(t, sleeper.Start())
	notes.take(sleeper.Process.Pid)
	host, err := os.Hostname()
	require.NoError(t, err)
	lock := []Lock{{Host: host, PID: sleeper.Process.Pid, Since: time.Now()}}
	require.False(t, notes.dead(lock))
	require.NoError(t, sleeper.Process.Kill())
	_ = sleeper.Wait()
	require.True(t, notes.dead(lock))
	notes.drop(sleeper.Process.Pid)
	require.False(t, notes.dead(lock))
}
