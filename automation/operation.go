package automation

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// operation is one use of the engine on a stack.
type operation struct {
	name    string // for sentences: "up", "preview", "destroy"
	stack   *Stack
	command *command
	tracker *tracker
	guard   *guard
	dir     string               // the project as the engine sees it
	changes bool                 // set before the engine is told to change something
	first   bool                 // the stack was made by this operation
	blank   bool                 // its state holds nothing that exists, or may
	failed  []apitype.ResourceV3 // resources whose last change failed
	locked  bool                 // the lock of a killed operation could not be released
	noted   []int                // processes of the CLI that changed something
	flags   []string             // of the command, beside those that select the stack
	run     pulumi.RunFunc       // in place of the stack's program
}

// cancelLimit is how long `pulumi cancel` may take after a stop at once.
const cancelLimit = 10 * time.Second

// run is the part of an operation that the Automation API does. The context it gets is never cancelled: a cancelled one
// would end the program's server while resources are still under way. Interrupting is the command's.
type run func(context.Context, *operation, auto.Stack, chan<- events.EngineEvent) error

// operate runs an operation with its simulated cloud, if any. The stack is created where the backend does not know it
// and create is set. The operation it returns is of use only without an error.
func (s *Stack) operate(ctx context.Context, name string, progress Progress, create bool, run run) (*operation, error) {
	if s.Simulated() {
		unlock, err := s.lockSimulated(name)
		if err != nil {
			return nil, err
		}
		defer unlock()
	}
	op, err := s.begin(ctx, name, progress)
	if err != nil {
		return nil, err
	}
	if !s.Simulated() {
		return op, op.engage(ctx, create, run)
	}
	simulation, err := s.simulate(ctx)
	if err != nil {
		return nil, err
	}
	op.command.env = append(op.command.env, simulation.Environment()...)
	err = op.engage(ctx, create, run)
	if closed := simulation.Close(); closed != nil && err == nil {
		err = unsaved(closed)
	}
	return op, err
}

// engage runs the engine, again after each remedy of what kept it from beginning or from ending, and explains its errors.
func (op *operation) engage(ctx context.Context, create bool, run run) error {
	err := op.follow(run)
	for range 5 { // there are five remedies, of which hardly all are wanted
		if err == nil || ctx.Err() != nil {
			break
		}
		again, failed := op.remedy(ctx, err, create)
		if failed != nil {
			err = failed
		}
		if !again {
			break
		}
		err = op.follow(run)
	}
	if op.command.killed && op.begun() {
		op.release(cancelLimit)
	}
	if err == nil {
		return nil
	}
	err = op.explain(ctx, err)
	var known *Error
	if errors.As(err, &known) {
		known.Untouched = !op.begun()
	}
	return err
}

// beginChanging makes sure that what is to be changed can be saved, and that the state says what is there.
func (op *operation) beginChanging(ctx context.Context) error {
	op.changes = true
	if err := op.checkRoom(); err != nil {
		return err
	}
	return op.mend(ctx)
}

// remedy removes what keeps an operation from beginning, where that is certainly right, and tells whether to try again.
func (op *operation) remedy(ctx context.Context, err error, create bool) (again bool, failed error) {
	locks := op.locks(err)
	switch notes := op.stack.notes(); {
	case notes.dead(locks):
		op.tracker.progress(&Phase{Name: "releasing the stack, which was held by " + named(locks) + ": it runs no more"})
		failed := op.takeLock(locks)
		return failed == nil, failed
	case notes.orphaned(locks):
		op.tracker.progress(&Phase{Name: "waiting for " + named(locks) + ", which ends what was under way when its kafkalink was killed"})
		return op.outlast(ctx, locks), nil
	}
	if pause := op.passing(); pause > 0 {
		return op.sitOut(ctx, pause), nil
	}
	if create && !op.first && op.stackMissing(err) {
		op.tracker.progress(&Phase{Name: "creating the stack"})
		_, failed := op.cli("stack", "init", op.stackName(), "--no-select")
		op.first = failed == nil
		return op.first, failed
	}
	return op.repair(), nil
}

// update runs the engine's `up`, or the preview of it if the command is told to.
func (op *operation) update(ctx context.Context, stack auto.Stack, stream chan<- events.EngineEvent, more ...optup.Option) (auto.UpResult, error) {
	return stack.Up(ctx, append([]optup.Option{optup.EventStreams(stream), optup.Color("never"), optup.SuppressProgress()}, more...)...)
}

// begun tells whether the engine has begun to change something, and so holds the stack's lock: its events come after it
// took the lock. Before, the lock may be somebody else's.
func (op *operation) begun() bool { return op.changes && op.tracker.heard }

// notes are where the stack's operations note their CLIs.
func (s *Stack) notes() notes {
	if s.Simulated() {
		return notes{filepath.Join(s.simulated().dir, "running")}
	}
	return notes{filepath.Join(s.project.dir, ownDir, "running", s.options.Stack)}
}

// begin prepares the use of the CLI on the stack.
func (s *Stack) begin(ctx context.Context, name string, progress Progress) (*operation, error) {
	if s.options.Engine == nil {
		return nil, &Error{Kind: KindEngine, What: "no Pulumi CLI was given", Next: "find one with FindEngine"}
	}
	op := &operation{
		name: name, stack: s, dir: s.project.dir,
		tracker: newTracker(s.Program.Label, progress, time.Now),
		guard:   &guard{},
		command: &command{
			engine:    s.options.Engine,
			env:       engineEnvironment(s.options.Env, s.Simulated()),
			interrupt: ctx.Done(),
			kill:      s.options.Kill,
		},
	}
	op.command.started = func(pid int) {
		if op.changes {
			s.notes().take(pid)
			op.noted = append(op.noted, pid)
		}
	}
	op.command.ended = func(pid int) { s.notes().drop(pid) }
	if s.Simulated() {
		place := s.simulated()
		if err := place.prepare(s.Identity, s.Configuration); err != nil {
			return nil, s.noRoom(err)
		}
		op.dir = place.project()
		op.command.env = slices.Concat(op.command.env, place.environment())
	}
	return op, nil
}

func (s *Stack) simulate(ctx context.Context) (Simulation, error) {
	place := s.simulated()
	// It outlives an interrupt: the engine still ends what is under way.
	simulation, err := s.options.Simulate(context.WithoutCancel(ctx),
		SimulationRequest{Cloud: s.Program.Cloud, StateFile: place.cloud()})
	if err != nil {
		return nil, &Error{
			Err:  err,
			What: "the simulated cloud does not start",
			Why:  err.Error(),
			Next: "if its state is damaged, begin anew by removing " + s.SimulatedDir(),
		}
	}
	return simulation, nil
}

// noRoom says that a simulated run cannot keep its files.
func (s *Stack) noRoom(err error) error {
	return &Error{
		Err:  err,
		What: "the rehearsal cannot keep its state",
		Why:  err.Error(),
		Next: "make it possible to write to " + s.SimulatedDir(),
	}
}

func unsaved(err error) error {
	return &Error{
		Err:  err,
		What: "the simulated cloud's state is not saved",
		Why:  err.Error(),
		Next: "make room in the project directory, then begin the rehearsal anew",
	}
}

// follow starts the engine and takes its events to the end.
func (op *operation) follow(run run) error {
	ctx := context.Background()
	ws, err := auto.NewLocalWorkspace(ctx, auto.WorkDir(op.dir), auto.Pulumi(op.command), auto.Program(op.program()))
	if err != nil {
		return err
	}
	stack, err := auto.SelectStack(ctx, op.stackName(), workspace{ws})
	if err != nil {
		return err
	}
	stream, ended, followed := make(chan events.EngineEvent), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(followed)
		op.tracker.follow(stream, ended)
	}()
	err = run(ctx, op, stack, stream)
	close(ended)
	<-followed
	return err
}

// program is never nil, so that the CLI needs no language plugin: a destroy does not run it. Which it is, is decided when it
// runs: by then the state was looked at.
func (op *operation) program() pulumi.RunFunc {
	return op.guard.around(func(ctx *pulumi.Context) error {
		program := op.stack.Program
		switch {
		case op.run != nil:
			return op.run(ctx)
		case (op.first || op.blank) && program.RunFirst != nil:
			return program.RunFirst(ctx)
		case program.Run == nil:
			return errors.New("this stack was opened without a program to run")
		}
		return program.Run(ctx)
	})
}

// stackName as the backend of this operation knows it: a simulated one has no organizations.
func (op *operation) stackName() string {
	if op.stack.Simulated() {
		return op.stack.Identity.Stack
	}
	return op.stack.options.Stack
}

// cli runs the CLI for something the Automation API has no method for, or no quick one, and returns its output.
func (op *operation) cli(args ...string) (string, error) {
	out, _, _, err := op.command.Run(context.Background(), op.dir, nil, nil, nil, nil, args...)
	return out, err
}
