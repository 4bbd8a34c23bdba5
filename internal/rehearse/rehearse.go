//go:build linux

package rehearse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab"
	"github.com/kafkalink/kafkalink/lab/consumer"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Rehearser rehearses stacks of the given clouds on this machine.
type Rehearser struct{ Clouds []Cloud }

// stage is one rehearsal under way.
type stage struct {
	request rehearsal.Request
	cloud   Cloud
	report  *rehearsal.Report

	dir     string // of the project as it is rehearsed
	lab     *lab.Lab
	server  *simcloud.Server
	stack   *automation.Stack
	names   *consumer.NameServer
	outputs kafka.Outputs
	links   []link
	memory  *memory
}

// Rehearse implements rehearsal.Rehearser.
func (r Rehearser) Rehearse(ctx context.Context, request rehearsal.Request) (report *rehearsal.Report, err error) {
	if request.Progress == nil {
		request.Progress = func(automation.Event) {}
	}
	drills, err := drillsNamed(request.Drills)
	if err != nil {
		return nil, err
	}
	if err := request.Stack.Validate().Err(); err != nil {
		return nil, err
	}
	cloud, err := r.cloudOf(request.Stack)
	if err != nil {
		return nil, err
	}
	if err := lab.Possible(); err != nil {
		return nil, impossible(err)
	}
	s := &stage{request: request, cloud: cloud, memory: watchMemory(), report: &rehearsal.Report{
		Stack: request.Stack.Identity.String(), Cloud: request.Stack.Program.Cloud, Began: time.Now().UTC(),
	}}
	defer func() {
		s.report.MemoryMiB = s.memory.stop()
		if closed := s.close(); closed != nil {
			err = errors.Join(err, fmt.Errorf("the rehearsal left something behind; `kafkalink rehearse clean` removes it: %w", closed))
		}
	}()
	err = s.perform(ctx, drills)
	s.report.Passed = err == nil && s.report.Failure == nil
	if ctx.Err() != nil {
		err = &automation.Error{
			Kind: automation.KindCancelled, Err: context.Cause(ctx),
			What: "the rehearsal was interrupted", Why: "everything it made is removed", Next: "run it again",
		}
	}
	return s.report, err
}

// perform goes through the phases until one fails.
func (s *stage) perform(ctx context.Context, drills []drill) error {
	phases := []struct {
		name string
		do   func(context.Context) (string, error)
	}{
		{"prepare the host image and the archives", s.prepare},
		{"deploy the stack on the simulated cloud, with booted hosts", s.deploy},
		{"connect the consumer's private endpoints", s.connect},
		{"check every endpoint port, then produce and consume", s.verify},
		{"run the documents' checks on a broker", s.checkHost},
		{"look for what no consumer notices yet", s.audit},
		{"compare the cloud with the stack", s.compare},
	}
	for _, p := range phases {
		if err := s.phase(ctx, p.name, p.do); err != nil || s.report.Failure != nil {
			return err
		}
	}
	for _, d := range drills {
		if err := s.drill(ctx, d); err != nil || s.report.Failure != nil {
			return err
		}
	}
	if s.request.Keep == nil {
		return nil
	}
	s.report.Passed = true
	s.report.MemoryMiB = s.memory.peak()
	s.report.Kept = s.instructions()
	return s.request.Keep(ctx, s.report)
}

// phase does one part and writes down how it went.
func (s *stage) phase(ctx context.Context, name string, do func(context.Context) (string, error)) error {
	s.say("%s", name)
	began := time.Now()
	detail, err := do(ctx)
	s.report.Phases = append(s.report.Phases, rehearsal.Phase{
		Name: name, Seconds: seconds(began), Passed: err == nil && s.report.Failure == nil, Detail: detail,
	})
	return err
}

func (s *stage) say(format string, args ...any) {
	s.request.Progress(&automation.Phase{Name: fmt.Sprintf(format, args...)})
}

func seconds(since time.Time) float64 {
	return time.Since(since).Round(10 * time.Millisecond).Seconds()
}

func impossible(err error) error {
	return &automation.Error{
		Kind: automation.KindConfiguration, Err: err,
		What: "this machine cannot rehearse", Why: err.Error(),
		Next: "do that, or deploy without machines: kafkalink up --simulate",
	}
}

// Possible tells whether this machine can be a lab.
func (Rehearser) Possible() error { return lab.Possible() }

// Clean implements rehearsal.Rehearser.
func (Rehearser) Clean(context.Context) ([]string, error) {
	if err := lab.Possible(); err != nil {
		return nil, impossible(err)
	}
	return lab.Clean()
}
