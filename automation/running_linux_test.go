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
			&running{Host: host, PID: short.Process.Pid, Process: ended, Since: since}, Lock{Host: host, PID: short.Process.Pid, Since: since}, true,
		},
		"its id is another process's now, which may have taken the lock": {
			&running{Host: host, PID: sleeper.Process.Pid, Process: processID{ended.Boot, ended.Namespace, "1"}, Since: since},
			Lock{Host: host, PID: sleeper.Process.Pid, Since: since}, false,
		},
		"it runs": {
			&running{Host: host, PID: sleeper.Process.Pid, Process: alive, Since: since}, Lock{Host: host, PID: sleeper.Process.Pid, Since: since}, false,
		},
		"nobody noted it": {
			nil, Lock{Host: host, PID: short.Process.Pid, Since: since}, false,
		},
		"it ran on another host": {
			&running{Host: host, PID: short.Process.Pid, Process: ended, Since: since}, Lock{Host: "bastion", PID: short.Process.Pid, Since: since}, false,
		},
		"it ran before this machine was booted, or on another of this name": {
			&running{Host: host, PID: short.Process.Pid, Process: processID{"another", ended.Namespace, ended.Started}, Since: since},
			Lock{Host: host, PID: short.Process.Pid, Since: since}, false,
		},
		"it ran in another container of this name": {
			&running{Host: host, PID: short.Process.Pid, Process: processID{ended.Boot, "pid:[1]", ended.Started}, Since: since},
			Lock{Host: host, PID: short.Process.Pid, Since: since}, false,
		},
		"the lock is older than the process": {
			&running{Host: host, PID: short.Process.Pid, Process: ended, Since: since}, Lock{Host: host, PID: short.Process.Pid, Since: since.Add(-time.Hour)}, false,
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

func TestAnOrphanRunsWithoutItsDriver(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	require.NoError(t, err)
	started := func() (*exec.Cmd, driver) {
		sleeper := exec.Command("sleep", "1000")
		require.NoError(t, sleeper.Start())
		t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
		process, err := identify(sleeper.Process.Pid)
		require.NoError(t, err)
		return sleeper, driver{sleeper.Process.Pid, process}
	}
	cli, own := started()
	parent, above := started()
	notes := notes{filepath.Join(t.TempDir(), ownDir, "running")}
	require.NoError(t, makeOwn(notes.dir))
	lock := []Lock{{Host: host, PID: own.PID, Since: time.Now()}}
	note := func(process processID) {
		text, err := json.Marshal(running{Host: host, PID: own.PID, Process: process, Since: time.Now(), Driver: above})
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(notes.path(own.PID), text, 0o600))
	}
	note(own.Process)
	require.False(t, notes.orphaned(lock), "its driver runs")

	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()
	require.True(t, notes.orphaned(lock))
	require.False(t, notes.dead(lock))
	require.False(t, notes.orphaned(append(lock, Lock{Host: host, PID: 1})), "nobody noted the other")
	other := own.Process
	other.Started = "1"
	note(other)
	require.False(t, notes.orphaned(lock), "another process has its id now")
	require.NoError(t, other.end(own.PID), "and is not ended for it")
	require.True(t, own.Process.runs(own.PID))

	note(own.Process)
	before, alone := idle(own.PID)
	require.True(t, alone)
	require.NotEmpty(t, before)
	require.NoError(t, own.Process.end(own.PID))
	_ = cli.Wait()
	require.False(t, notes.orphaned(lock))
	require.True(t, notes.dead(lock))

	shell := exec.Command("sh", "-c", "sleep 5; true")
	require.NoError(t, shell.Start())
	t.Cleanup(func() { _ = shell.Process.Kill(); _ = shell.Wait() })
	require.Eventually(t, func() bool { _, alone := idle(shell.Process.Pid); return !alone }, 10*time.Second, 10*time.Millisecond)
}

func TestOnlyOneReleasesTheLocksOfTheDead(t *testing.T) {
	t.Parallel()
	notes := notes{filepath.Join(t.TempDir(), ownDir, "running")}
	done, err := notes.releasing()
	require.NoError(t, err)
	_, err = notes.releasing()
	require.ErrorIs(t, err, errHeld)
	done()
	done, err = notes.releasing()
	require.NoError(t, err)
	done()
}
