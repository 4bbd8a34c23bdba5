package simcloud

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

var errClosed = errors.New("the simulated clouds were closed while the operation was under way")

// duration is how long an operation takes: its kind's rough time, scaled, and shaken by the seed, the
// operation and the resource, so that a seed means the same delays whatever runs beside it.
func (l Latency) duration(kind *Kind, op Operation) time.Duration {
	if l.Scale <= 0 {
		return 0
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(string(op.Kind) + op.URN))
	random := rand.New(rand.NewPCG(uint64(l.Seed), sum.Sum64()))
	length := float64(kind.Duration) * l.Scale * (0.5 + random.Float64())
	if op.Kind != OperationCreate {
		length /= 2
	}
	return time.Duration(length)
}

// wait lets time pass, unless the clouds are closed meanwhile.
func wait(ctx context.Context, length time.Duration) error {
	if length > 0 {
		timer := time.NewTimer(length)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return errClosed
	}
	return nil
}
