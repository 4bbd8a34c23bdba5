package rolling

import (
	"context"
	"time"
)

// The pauses between two questions grow from the first to the last: what ends at once is not waited for.
const firstPause, lastPause = 250 * time.Millisecond, 2 * time.Second

// Poll asks until what it waits for has ended, or asking failed. It returns context.DeadlineExceeded after the longest
// time.
func Poll(ctx context.Context, longest time.Duration, ask func() (ended bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		if ended, err := ask(); err != nil || ended {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
