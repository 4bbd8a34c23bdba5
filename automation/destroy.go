package automation

import (
	"context"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
)

// DestroyOptions say how far a destroy goes.
type DestroyOptions struct {
	DeleteData bool // also the data disks and what holds them: nothing remains
}

// DestroyResult is what a destroy did.
type DestroyResult struct {
	Plan     DestroyPlan   `json:"plan"`
	Duration time.Duration `json:"-"`
}

// PlanDestroy says what a destroy would remove and keep. It only reads the stack's state.
func (s *Stack) PlanDestroy(ctx context.Context, options DestroyOptions) (DestroyPlan, error) {
	op, err := s.begin(ctx, "destroy", nil)
	if err != nil {
		return DestroyPlan{}, err
	}
	return op.planDestroy(ctx, options)
}

func (op *operation) planDestroy(ctx context.Context, options DestroyOptions) (DestroyPlan, error) {
	exported, err := op.export(ctx)
	if err != nil {
		return DestroyPlan{}, err
	}
	program := op.stack.Program
	plan := planDestroy(exported.typed.Resources, options, program.DataDisk, program.Label)
	for _, r := range exported.cutOff() {
		plan.CutOff = append(plan.CutOff, nameResource(string(r.URN), !r.Custom, program.Label))
	}
	return plan, nil
}

// Destroy removes the stack's resources without asking: PlanDestroy first. Data disks, and what they need to exist,
// stay in the cloud, in the state, and protected, so that the next Up uses them again. Other protected resources lose
// their protection and are removed. Of the configuration only kafkalink:cloud must be right, as Open needs it to know what
// holds data: whatever else is invalid does not stand in the way.
func (s *Stack) Destroy(ctx context.Context, options DestroyOptions, progress Progress) (DestroyResult, error) {
	began := time.Now()
	var plan DestroyPlan
	_, err := s.operate(ctx, "destroy", progress, false,
		func(background context.Context, op *operation, stack auto.Stack, stream chan<- events.EngineEvent) error {
			var err error
			if err := op.beginChanging(ctx); err != nil {
				return err
			}
			if plan, err = op.planDestroy(ctx, options); err != nil || len(plan.Remove) == 0 {
				return err
			}
			if options.DeleteData {
				op.flags = []string{"--delete-data"}
			}
			if err := op.unprotect(plan.Protected); err != nil {
				return err
			}
			_, err = stack.Destroy(background, optdestroy.EventStreams(stream), optdestroy.Exclude(urns(plan.Keep)),
				optdestroy.Color("never"), optdestroy.SuppressProgress())
			return err
		})
	if err != nil {
		return DestroyResult{}, err
	}
	return DestroyResult{Plan: plan, Duration: time.Since(began)}, nil
}

// unprotect lifts the protection in the state alone; the next up sets it again. A destroy with a protected resource
// in its way would fail before anything is deleted.
func (op *operation) unprotect(resources []Resource) error {
	if len(resources) == 0 {
		return nil
	}
	args := append([]string{"state", "unprotect", "--yes", "--stack", op.stackName()}, urns(resources)...)
	_, err := op.cli(args...)
	return err
}

func urns(resources []Resource) []string {
	urns := make([]string, len(resources))
	for i, r := range resources {
		urns[i] = r.URN
	}
	return urns
}
