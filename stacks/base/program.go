package base

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// Program is a valid configuration of a cloud.
type Program interface {
	// Register makes what it says, and exports what the consumers of its links are told. On the first time there is nothing of
	// it yet, and machines are made side by side.
	Register(ctx *pulumi.Context, first bool) error
}

// Run is a cloud's Pulumi program: it reads the keys of the stack's configuration and registers everything.
func Run[P Program](ctx *pulumi.Context, first bool, keys []string, decode func(identity string, values map[string]any) (P, kafka.Findings)) error {
	values, err := config.FromContext(ctx, keys)
	if err != nil {
		return err
	}
	program, findings := decode(Identity(ctx.Project(), ctx.Stack()), values)
	if err := findings.Err(); err != nil {
		return err
	}
	return program.Register(ctx, first)
}
