package simcloud

import (
	"encoding/json"
	"io"
	"sync"
	"time"
)

// OperationKind is what the engine asked a cloud to do.
type OperationKind string

// The operations of the log. A replacement is a create and a delete of one URN.
const (
	OperationCreate OperationKind = "create"
	OperationUpdate OperationKind = "update"
	OperationDelete OperationKind = "delete"
	OperationRead   OperationKind = "read"
	OperationInvoke OperationKind = "invoke"
)

// Operation is one entry of the operation log.
type Operation struct {
	// Seq counts all operations from 1, in the order they started.
	Seq int `json:"seq"`
	// Change counts creates, updates and deletes from 1, which Options.FailOperation names; 0 for others.
	Change int           `json:"change,omitempty"`
	Kind   OperationKind `json:"kind"`
	Type   string        `json:"type"`           // resource type or function token
	Name   string        `json:"name,omitempty"` // the resource's name in the program
	URN    string        `json:"urn,omitempty"`
	ID     string        `json:"id,omitempty"` // the cloud's id, of a create once it has ended
	// Changed names the input properties that an update changes, as paths, sorted.
	Changed []string `json:"changed,omitempty"`
	// Began and Ended are readings of one clock that ticks at every start and end, so that
	// comparing them tells order and overlap without trusting time. Ended is 0 while it runs.
	Began int `json:"began"`
	Ended int `json:"ended,omitempty"`
	// Start and End are wall-clock times, for people.
	Start time.Time `json:"start"`
	End   time.Time `json:"end,omitzero"`
	// Error is why the operation failed; empty when it did not.
	Error string `json:"error,omitempty"`
}

// Done says whether the operation has ended.
func (o Operation) Done() bool { return o.Ended != 0 }

// Succeeded says whether the operation has ended without an error.
func (o Operation) Succeeded() bool { return o.Done() && o.Error == "" }

// Overlaps says whether two operations were under way at the same time.
func (o Operation) Overlaps(other Operation) bool {
	return (!other.Done() || o.Began < other.Ended) && (!o.Done() || other.Began < o.Ended)
}

// operationLog is the ordered record of what the engine asked for.
type operationLog struct {
	mu      sync.Mutex
	entries []Operation
	clock   int
	changes int
	out     io.Writer
}

// begin records the start of an operation and returns it numbered.
func (l *operationLog) begin(op Operation) Operation {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clock++
	op.Seq, op.Began, op.Start = len(l.entries)+1, l.clock, time.Now()
	switch op.Kind {
	case OperationCreate, OperationUpdate, OperationDelete:
		l.changes++
		op.Change = l.changes
	}
	l.entries = append(l.entries, op)
	l.write(op)
	return op
}

// end records how an operation ended. id is the resource's, where the operation has given it one.
func (l *operationLog) end(seq int, id string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clock++
	op := &l.entries[seq-1]
	op.Ended, op.End = l.clock, time.Now()
	if id != "" {
		op.ID = id
	}
	if err != nil {
		op.Error = err.Error()
	}
	l.write(*op)
}

func (l *operationLog) list() []Operation {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Operation(nil), l.entries...)
}

// write leaves a failing writer alone: a log that cannot be written must not fail a cloud.
func (l *operationLog) write(op Operation) {
	if l.out == nil {
		return
	}
	if line, err := json.Marshal(op); err == nil {
		_, _ = l.out.Write(append(line, '\n'))
	}
}
