package automation

import (
	"context"
	"errors"
	"strings"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Options say which stack is operated on, and how.
type Options struct {
	Dir      string // project directory: the one with Pulumi.yaml
	Stack    string // name, may be "organization/stack"; "" when the directory has just one Pulumi.<stack>.yaml
	Programs []Program

	Engine *Engine // required by every operation but Validate
	// Env is the environment of the engine's processes. Of PULUMI_* only what configures the user's login,
	// backend or secrets passes.
	Env []string
	// Simulate, when set, runs everything against simulated clouds and state of its own.
	Simulate Simulate
	// Command is the command to type next, of the words behind the program's name, for what errors advise. It adds what
	// selects the same stack. Nil: "kafkalink" and the words.
	Command func(words ...string) string
	// Kill, when closed, ends the engine's processes at once. Cancelling the context of an operation instead
	// lets what is under way end and be saved.
	Kill <-chan struct{}
}

// A Stack is a configuration with the program it selects. Its operations are not to be run side by side.
type Stack struct {
	Identity      StackIdentity
	Configuration Configuration
	Program       Program

	project *project
	options Options
}

// Validation is the outcome of Validate. The cluster is nil if there are errors.
type Validation struct {
	Cluster  *kafka.Cluster
	Findings kafka.Findings

	path string // of the stack's file
}

// Err is nil, or an *Error of KindConfiguration with every problem.
func (v Validation) Err() error {
	if err := v.Findings.Err(); err != nil {
		return invalid(err, "correct "+v.path)
	}
	return nil
}

// Open reads the project's and the stack's files and picks the program. No process is started, so it fails with
// ErrEnvironment for a stack that takes values from Pulumi ESC: see OpenResolved.
func Open(options Options) (*Stack, error) {
	return open(options, func(p *project, id StackIdentity, _ string) (Configuration, error) { return p.configuration(id.Stack) })
}

// OpenResolved is Open that asks the Pulumi CLI, options.Engine, for the configuration of a stack that takes values from
// Pulumi ESC, with the user's login.
func OpenResolved(ctx context.Context, options Options) (*Stack, error) {
	stack, err := Open(options)
	if !errors.Is(err, ErrEnvironment) {
		return stack, err
	}
	return open(options, func(p *project, _ StackIdentity, name string) (Configuration, error) {
		return p.resolved(ctx, options, name)
	})
}

func open(options Options, configuration func(p *project, id StackIdentity, name string) (Configuration, error)) (*Stack, error) {
	p, err := openProject(options.Dir)
	if err != nil {
		return nil, err
	}
	if options.Stack == "" {
		if options.Stack, err = p.onlyStack(); err != nil {
			return nil, err
		}
	}
	identity := StackIdentity{Project: p.name, Stack: options.Stack}
	if cut := strings.LastIndex(options.Stack, "/"); cut >= 0 {
		identity.Organization, _, _ = strings.Cut(options.Stack, "/")
		identity.Stack = options.Stack[cut+1:]
	}
	config, err := configuration(p, identity, options.Stack)
	if err != nil {
		return nil, err
	}
	program, err := pickProgram(options.Programs, config)
	if err != nil {
		return nil, err
	}
	return &Stack{Identity: identity, Configuration: config, Program: program, project: p, options: options}, nil
}

// WithEngine is the same stack, as it was read, with the CLI that its operations use.
func (s *Stack) WithEngine(engine *Engine) *Stack {
	with := *s
	with.options.Engine = engine
	return &with
}

// Rehearsed is the same stack with another configuration, on a simulated cloud of the caller's, with all its files under
// dir. What is kept of the stack itself, real or simulated, is not touched.
func (s *Stack) Rehearsed(dir string, configuration Configuration, simulate Simulate) *Stack {
	place := *s.project
	place.dir, place.shownDir = dir, dir
	rehearsed := *s
	rehearsed.project, rehearsed.Configuration, rehearsed.options.Simulate = &place, configuration, simulate
	return &rehearsed
}

// Simulated tells whether the stack's operations run against simulated clouds.
func (s *Stack) Simulated() bool { return s.options.Simulate != nil }

// command is what to type next on this stack.
func (s *Stack) command(words ...string) string {
	if s.options.Command != nil {
		return s.options.Command(words...)
	}
	return strings.Join(append([]string{"kafkalink"}, words...), " ")
}

// Validate decodes the configuration into the model. Pure: no process, no network.
func (s *Stack) Validate() Validation {
	cluster, findings := decode(s.Program, s.Identity, s.Configuration)
	if len(findings.Errors) > 0 {
		cluster = nil
	}
	return Validation{Cluster: cluster, Findings: findings, path: s.project.shown(s.Identity.Stack)}
}

// valid is the model, or every problem of the configuration as one error.
func (s *Stack) valid() (*kafka.Cluster, error) {
	v := s.Validate()
	return v.Cluster, v.Err()
}

func invalid(err error, next string) error {
	return &Error{
		Kind: KindConfiguration, Err: err,
		What: "the configuration is not valid",
		Why:  err.Error(),
		Next: next,
	}
}
