package automation

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Outputs reads what the stack exports: its cluster, and per link what the consumer must be told. It fails with
// KindStackNotFound when nothing is deployed, also when a destroy has left only the data.
func (s *Stack) Outputs(ctx context.Context) (kafka.Outputs, error) {
	op, err := s.begin(ctx, "outputs", nil)
	if err != nil {
		return kafka.Outputs{}, err
	}
	state, err := op.state(ctx)
	if err != nil {
		return kafka.Outputs{}, err
	}
	value, ok := rootOutputs(state)[kafka.OutputKey]
	// The root outlives a destroy that keeps data, with outputs that are no longer true.
	destroyed := len(planDestroy(state, DestroyOptions{}, s.Program.DataDisk, nil).Remove) == 0
	if !ok || destroyed {
		return kafka.Outputs{}, s.notDeployed(nil)
	}
	return s.parseOutputs(value)
}

func (s *Stack) parseOutputs(value any) (kafka.Outputs, error) {
	outputs, err := kafka.ParseOutputs(value)
	if err != nil {
		return kafka.Outputs{}, &Error{
			Err:  err,
			What: "the stack's outputs are not readable",
			Why:  err.Error(),
			Next: s.command("up") + " of this version of kafkalink writes them anew",
		}
	}
	return outputs, nil
}

func rootOutputs(state []apitype.ResourceV3) map[string]any {
	for _, r := range state {
		if r.Type == stackType {
			return r.Outputs
		}
	}
	return nil
}

func (s *Stack) notDeployed(err error) error {
	return &Error{
		Kind: KindStackNotFound,
		Err:  errors.Join(err),
		What: fmt.Sprintf("stack %q is not deployed", s.Identity.Stack),
		Next: "deploy it first: " + s.command("up"),
	}
}
