package automation

import (
	"context"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// UpResult is what an up did.
type UpResult struct {
	Cluster  *kafka.Cluster `json:"-"`
	Outputs  kafka.Outputs  `json:"outputs"`
	Changes  map[Action]int `json:"changes"` // resources by action, those that stayed the same included
	Warnings []Diagnostic   `json:"warnings,omitempty"`
	Duration time.Duration  `json:"-"`
}

// Up deploys the stack without asking: preview first. Cancelling the context lets what is under way end, saves the
// state, and gives an error of KindCancelled; a further Up finishes the work.
func (s *Stack) Up(ctx context.Context, progress Progress) (UpResult, error) {
	cluster, err := s.valid()
	if err != nil {
		return UpResult{}, err
	}
	began := time.Now()
	op, err := s.operate(ctx, "up", progress, true,
		func(background context.Context, op *operation, stack auto.Stack, stream chan<- events.EngineEvent) error {
			if err := op.beginChanging(ctx); err != nil {
				return err
			}
			if err := op.reviewFailed(ctx); err != nil {
				return err
			}
			_, err := op.update(background, stack, stream)
			return err
		})
	if err != nil {
		return UpResult{}, err
	}
	outputs, err := s.parseOutputs(op.tracker.outputs[kafka.OutputKey])
	if err != nil {
		return UpResult{}, err
	}
	return UpResult{
		Cluster:  cluster,
		Outputs:  outputs,
		Changes:  op.tracker.counted(),
		Warnings: op.tracker.warnings,
		Duration: time.Since(began),
	}, nil
}
