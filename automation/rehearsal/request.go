package rehearsal

import (
	"context"

	"github.com/kafkalink/kafkalink/automation"
)

// Request says what to rehearse.
type Request struct {
	Stack *automation.Stack // opened with an engine; its own simulated or real state is not touched
	// Drills by name, in this order; see Drills of the Rehearser.
	Drills []string
	// Keep is called with the report when all else is done, and the rehearsal goes on until it returns. It may be nil.
	Keep func(context.Context, *Report) error
	// Progress receives the engine's events while the stack is deployed, and a *automation.Phase for all else.
	Progress automation.Progress
}

// Rehearser can rehearse stacks on this machine.
type Rehearser interface {
	// Rehearse deploys the stack in a lab and looks at it from the consumer's side. What it finds wrong is in the report,
	// which is there as far as it got also with an error. Cancelling the context removes everything it made.
	Rehearse(context.Context, Request) (*Report, error)
	// Drills that Rehearse knows, in the order in which `all` runs them.
	Drills() []DrillInfo
	// Possible tells whether this machine can rehearse, or what it lacks and how to get it.
	Possible() error
	// Clean removes what rehearsals left behind that were killed, and says what it removed.
	Clean(context.Context) ([]string, error)
}

// DrillInfo describes a drill.
type DrillInfo struct {
	Name string
	Does string
}
