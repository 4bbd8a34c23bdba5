package rolling

import (
	"context"
	"time"
)

// pollEvery is the time between two questions.
const pollEvery = 5 * time.Second

// Poll asks until what it waits for has ended, or asking failed. It returns context.DeadlineExceeded after the longest
// time.
func Poll(ctx context.Context, longest time.Duration, ask func() (ended bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for {
		if ended, err := ask(); err != nil || ended {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}
