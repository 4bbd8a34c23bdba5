package automation

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
)

// reviewFailed takes into the state what the cloud has of those resources whose last change failed. Providers that are bridged
// from Terraform hand the engine what was asked for as if it were there (pulumi/pulumi-aws#6062): the next update would go
// over these resources, find no difference, and be green.
func (op *operation) reviewFailed(ctx context.Context) error {
	if !op.stack.Program.RecordsRefused || len(op.failed) == 0 {
		return nil
	}
	op.tracker.progress(&Phase{Name: "looking at what failed before: " + op.labels(op.failed)})
	var urns []string
	for _, r := range op.failed {
		urns = append(urns, string(r.URN))
	}
	review := op.aside()
	err := review.follow(func(background context.Context, _ *operation, stack auto.Stack, stream chan<- events.EngineEvent) error {
		_, err := stack.Refresh(background, optrefresh.Target(urns), optrefresh.EventStreams(stream), optrefresh.Color("never"), optrefresh.SuppressProgress())
		return err
	})
	if err != nil && review.tracker.resourceFailed() {
		return review.explain(ctx, err)
	}
	return err // perhaps of a lock, of which there is a remedy
}
