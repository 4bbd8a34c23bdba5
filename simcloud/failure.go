package simcloud

import (
	"fmt"
	"sync"
)

// failures are the operations to fail, once each.
type failures struct {
	mu     sync.Mutex
	number int
	match  func(Operation) bool
}

// next says whether this operation is to fail. Nothing has happened in the cloud when it does.
func (f *failures) next(op Operation) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.number != 0 && op.Change == f.number {
		f.number = 0
		return injected(op)
	}
	if f.match != nil && f.match(op) {
		f.match = nil
		return injected(op)
	}
	return nil
}

func injected(op Operation) error {
	return fmt.Errorf("simulated failure of operation %d: %s of %s %q", op.Change, op.Kind, op.Type, op.Name)
}
