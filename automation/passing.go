package automation

import (
	"context"
	"fmt"
	"time"
)

// longestPassing bounds how long a cloud may ask to wait.
const longestPassing = 10 * time.Minute

// passing is how long to wait before what failed can be done, and 0 if anything failed that does not pass by itself.
func (op *operation) passing() time.Duration {
	passes := op.stack.Program.Passes
	if passes == nil || !op.begun() {
		return 0
	}
	var pause time.Duration
	for _, d := range op.tracker.errors {
		if summing[withoutPreamble(d.Message)] {
			continue
		}
		if d.Resource == nil {
			return 0
		}
		wait := passes(d.Message)
		if wait <= 0 || wait > longestPassing {
			return 0
		}
		pause = max(pause, wait)
	}
	return pause
}

// sitOut waits until what failed can be done, or the context ends, and tells whether to try again.
func (op *operation) sitOut(ctx context.Context, pause time.Duration) bool {
	op.tracker.progress(&Phase{Name: fmt.Sprintf("waiting %s, as the cloud asks, before trying again what it refused", pause)})
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		op.tracker.errors, op.tracker.failed = nil, false
		return true
	}
}
