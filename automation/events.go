package automation

import (
	"context"
	"strings"
	"time"
)

// Event is something that happened during an operation: a *Step, a *Diagnostic or a *Phase.
type Event interface{ event() }

// Progress receives the events of an operation, in order and never two at a time. Nil is legal.
type Progress func(Event)

// Channel is a Progress that sends the events to a channel. The operation waits for whoever receives, as long as the
// context lasts; events that come later are dropped. The channel is not closed: an operation has ended when it returns.
func Channel(ctx context.Context, events chan<- Event) Progress {
	return func(event Event) {
		select {
		case events <- event:
		case <-ctx.Done():
		}
	}
}

// Resource is a resource as the engine knows it.
type Resource struct {
	URN       string `json:"urn"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	Label     string `json:"label"`               // in the model's words
	Component bool   `json:"component,omitempty"` // groups others, and is nothing in the cloud
}

// Incidental tells whether a resource is nothing that anybody has in the cloud: the engine's own, or a group of others.
func (r Resource) Incidental() bool { return r.Component || strings.HasPrefix(r.Type, "pulumi:") }

// Action is what the engine does to a resource.
type Action string

// The actions of a step. A replacement is a create and a delete (ActionDelete), in the order the engine chooses.
const (
	ActionCreate  Action = "create"
	ActionUpdate  Action = "update"
	ActionReplace Action = "replace"
	ActionDelete  Action = "delete"
	ActionRead    Action = "read"
	ActionRefresh Action = "refresh"
	ActionSame    Action = "same"
)

// State is how far a step has come.
type State string

// The states of a step.
const (
	StateRunning State = "running"
	StateDone    State = "done"
	StateFailed  State = "failed"
)

// Step is an action on one resource beginning, done or failed.
type Step struct {
	Resource Resource
	Action   Action
	State    State
	Duration time.Duration // since it began; 0 while running
	Changed  []string      // property paths that differ, for update and replace
}

// Severity says how bad a Diagnostic is.
type Severity string

// The severities.
const (
	SeverityInfo    Severity = "info"
	SeverityWarning Severity = "warning"
	SeverityError   Severity = "error"
)

// Diagnostic is what the engine, a provider or the program says.
type Diagnostic struct {
	Severity Severity  `json:"severity"`
	Resource *Resource `json:"resource,omitempty"` // nil: about the whole operation
	Message  string    `json:"message"`            // without colour codes, trimmed
}

// Phase is what the operation does before or between steps, like "creating the stack" or "Downloading plugin aws-7.1.0".
type Phase struct{ Name string }

func (*Step) event()       {}
func (*Diagnostic) event() {}
func (*Phase) event()      {}
