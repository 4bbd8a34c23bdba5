package automation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Check is one thing that an examination looked at.
type Check struct {
	Subject string `json:"subject"`
	Missing bool   `json:"missing"` // an Up cannot do without it
	Detail  string `json:"detail"`  // what was found
	Next    string `json:"next,omitempty"`
}

// Planned is a resource that the program registers, as the engine plans it. What is not known before it is made is a
// placeholder of the engine's.
type Planned struct {
	Type   string
	Inputs map[string]any
	Was    map[string]any // inputs before; nil for one that is to be created
	Stays  bool           // it is there, and is neither made nor replaced
}

// Examination is what stands between a stack and its next Up.
type Examination struct {
	Stack []Check // its configuration, backend and plan
	Cloud []Check // the cloud's permissions, quotas and offers, as far as they can be asked
}

// Examine looks for what is missing before an Up: in the configuration, at the backend, and, with the user's credentials,
// in the cloud. It changes nothing but that it makes the stack known to the backend, as Preview does. What it finds
// missing is no error.
func (s *Stack) Examine(ctx context.Context, progress Progress) (Examination, error) {
	var found Examination
	backend, err := s.examineBackend(ctx)
	if err != nil {
		return found, err
	}
	found.Stack = append(found.Stack, s.ExamineConfiguration(), backend)
	if found.Stack[0].Missing || backend.Missing {
		return found, nil
	}
	var room Check
	op, err := s.operate(ctx, "doctor", progress, true,
		func(background context.Context, op *operation, stack auto.Stack, stream chan<- events.EngineEvent) error {
			room = op.examineRoom()
			op.command.previewsOnly = true
			_, err := op.update(background, stack, stream)
			if err != nil || ctx.Err() != nil {
				return err
			}
			found.Cloud, err = op.examineCloud()
			return err
		})
	if room.Subject != "" {
		found.Stack = append(found.Stack, room)
	}
	var failed *Error
	switch {
	case errors.As(err, &failed) && failed.Kind != KindCancelled && failed.Kind != KindKilled:
		found.Stack = append(found.Stack, Check{Subject: "plan", Missing: true, Detail: cmp.Or(failed.Why, failed.What), Next: failed.Next})
	case err != nil:
		return found, err
	default:
		found.Stack = append(found.Stack, Check{Subject: "plan", Detail: planText(op.tracker.changes())})
	}
	return found, nil
}

func planText(changes []Change) string {
	if summary := Summarize(changes); summary != "" {
		return "the engine can make it: " + summary
	}
	return "nothing is to be done"
}

// ExamineConfiguration is the part of Examine that needs no engine.
func (s *Stack) ExamineConfiguration() Check {
	v := s.Validate()
	if err := v.Err(); err != nil {
		return Check{Subject: "configuration", Missing: true, Detail: v.Findings.Err().Error(), Next: "correct " + v.path}
	}
	return Check{Subject: "configuration", Detail: "valid"}
}

// examineBackend asks who the user is where the state is kept.
func (s *Stack) examineBackend(ctx context.Context) (Check, error) {
	const subject = "backend"
	if s.Simulated() {
		return Check{Subject: subject, Detail: "state of simulated runs, in " + s.SimulatedDir()}, nil
	}
	op, err := s.begin(ctx, "doctor", nil)
	if err != nil {
		return Check{}, err
	}
	out, err := op.cli("whoami", "--json")
	var who struct {
		User string `json:"user"`
		URL  string `json:"url"`
	}
	if err == nil {
		err = json.Unmarshal([]byte(out), &who)
	}
	switch {
	case ctx.Err() != nil:
		return Check{}, op.explain(ctx, err)
	case err != nil:
		return Check{Subject: subject, Missing: true, Detail: op.said(), Next: "log in with `pulumi login`"}, nil
	}
	return Check{Subject: subject, Detail: fmt.Sprintf("%s, as %s", who.URL, who.User)}, nil
}

func (op *operation) examineRoom() Check {
	const subject = "room for the state"
	var full *Error
	if errors.As(op.checkRoom(), &full) {
		return Check{Subject: subject, Missing: true, Detail: full.Why, Next: full.Next}
	}
	return Check{Subject: subject, Detail: "enough"}
}

// examineCloud has the program ask the cloud about what is planned.
func (op *operation) examineCloud() ([]Check, error) {
	switch {
	case op.stack.Program.Examine == nil:
		return nil, nil
	case op.stack.Simulated():
		return []Check{{Subject: "permissions and quotas", Detail: "not asked: a simulated cloud has none"}}, nil
	}
	var checks []Check
	refused, err := op.consult(func(ctx *pulumi.Context) (err error) {
		checks, err = op.stack.Program.Examine(ctx, op.tracker.registered, op.command.env)
		return err
	})
	if refused != nil {
		checks = []Check{{Subject: op.stack.Program.Cloud, Missing: true, Detail: "cannot be asked: " + refused.Error(), Next: "correct the cause"}}
	}
	return checks, err
}

// registered is a planned step's resource as the program registers it, if it is one.
func registered(m apitype.StepEventMetadata) (Planned, bool) {
	switch m.Op {
	case apitype.OpSame, apitype.OpCreate, apitype.OpUpdate, apitype.OpCreateReplacement, apitype.OpImport:
	default:
		return Planned{}, false
	}
	if m.New == nil || !m.New.Custom {
		return Planned{}, false
	}
	p := Planned{Type: m.Type, Inputs: m.New.Inputs, Stays: m.Op == apitype.OpSame || m.Op == apitype.OpUpdate}
	if m.Old != nil {
		p.Was = m.Old.Inputs
	}
	return p, true
}
