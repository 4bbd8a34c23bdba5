package automation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// release gives the stack's lock back after the CLI that took it was killed.
func (op *operation) release(limit time.Duration) {
	timeout, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	op.command.interrupt, op.command.kill = nil, timeout.Done()
	_, err := op.cli("cancel", "--yes", "--stack", op.stackName())
	op.locked = err != nil
	for _, pid := range op.noted {
		if !op.locked {
			op.stack.notes().drop(pid)
		}
	}
}

// locks are those that keep the operation from beginning.
func (op *operation) locks(err error) []Lock {
	if !op.lockedOut(err) {
		return nil
	}
	return locksIn(op.command.last.stderr)
}

// lockedOut tells whether the operation did not begin because another holds the stack.
func (op *operation) lockedOut(err error) bool {
	return err != nil && (auto.IsConcurrentUpdateError(err) || strings.Contains(op.command.last.stderr, "currently locked"))
}

// takeLock releases locks of the dead. The CLI releases every lock there is: of two operations that come upon the same dead,
// one must not release what the other holds by then.
func (op *operation) takeLock(locks []Lock) error {
	notes := op.stack.notes()
	done, err := notes.releasing()
	if errors.Is(err, errHeld) {
		time.Sleep(orphanPoll)
		return nil
	}
	if err != nil {
		return err
	}
	defer done()
	if !notes.dead(locks) {
		return nil // it was released meanwhile
	}
	_, err = op.cli("cancel", "--yes", "--stack", op.stackName())
	for _, l := range locks {
		if err == nil {
			notes.drop(l.PID)
		}
	}
	return err
}

// An orphan is a CLI whose driver was killed. Its program is gone, so it begins nothing more: it ends what is under way,
// saves that and ends. But if the driver was killed before the CLI had told it of anything, the CLI (v3.230) waits for ever
// to tell it, having done nothing.
const (
	orphanPoll = 200 * time.Millisecond
	orphanIdle = 10 * time.Second
)

// outlast waits for orphans to end, and ends those that do nothing any more. It tells whether none is left.
func (op *operation) outlast(ctx context.Context, locks []Lock) bool {
	notes := op.stack.notes()
	done, since := map[int]string{}, map[int]time.Time{}
	for notes.orphaned(locks) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(orphanPoll):
		}
		for _, l := range locks {
			noted, ok := notes.of(l)
			now, alone := idle(l.PID)
			switch {
			case !ok || !alone || now != done[l.PID]:
				done[l.PID], since[l.PID] = now, time.Now()
			case time.Since(since[l.PID]) >= orphanIdle:
				op.tracker.progress(&Phase{Name: fmt.Sprintf("ending process %d, which does nothing any more", l.PID)})
				if noted.Process.end(l.PID) != nil {
					return false
				}
				since[l.PID] = time.Now()
			}
		}
	}
	return true
}
