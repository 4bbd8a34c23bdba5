package simcloud

import (
	"context"
	"errors"
)

// DataPlane is where simulated resources act: machines boot, packets flow, scripts run. The clouds
// call it after they have accepted a change; what it refuses fails the operation. None is the
// default; the lab will be one.
type DataPlane interface {
	// Apply is told of every create, update and delete, of every kind, in the order they are accepted.
	Apply(ctx context.Context, change Change) error
	// RunCommand runs a script as root on a machine and returns when it has ended. It returns
	// ErrNoAgent when nothing on the machine can run it.
	RunCommand(ctx context.Context, machine Resource, script string, parameters map[string]string) (CommandResult, error)
}

// ErrNoAgent says that the machine runs no agent that could execute a command.
var ErrNoAgent = errors.New("the machine's agent does not answer")

// Change is one accepted change of one resource.
type Change struct {
	Operation OperationKind // OperationCreate, OperationUpdate or OperationDelete
	Before    *Resource     // nil for a create
	After     *Resource     // nil for a delete
	Restart   bool          // an update in place that power-cycles the machine
	World     View          // the clouds as they are after the change
}

// CommandResult is what a machine says about a script it ran.
type CommandResult struct {
	ExitCode int
	Output   string // standard output
	Error    string // standard error
	// Parameters are what the script put into the cloud's parameter store, by name: a machine without a network of
	// its own has no other way to say so.
	Parameters map[string]string
}

// End is the result with the last bytes of what was printed.
func (r CommandResult) End(most int) CommandResult {
	r.Output, r.Error = r.Output[max(0, len(r.Output)-most):], r.Error[max(0, len(r.Error)-most):]
	return r
}

// None is the data plane of a cloud without machines: changes are instant, every script succeeds and
// prints nothing. Embed it to answer only some calls.
type None struct{}

// Apply accepts every change.
func (None) Apply(context.Context, Change) error { return nil }

// RunCommand succeeds without running anything.
func (None) RunCommand(context.Context, Resource, string, map[string]string) (CommandResult, error) {
	return CommandResult{}, nil
}
