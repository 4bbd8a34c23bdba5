// Package wiring joins stacks and simulated clouds to the operations: what the kafkalink binary is made of.
package wiring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
	"github.com/kafkalink/kafkalink/stacks/aws"
	"github.com/kafkalink/kafkalink/stacks/azure"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/examination"
	"github.com/kafkalink/kafkalink/templates"
)

// Programs are the clouds this binary deploys.
func Programs() []automation.Program {
	return []automation.Program{
		{
			Cloud:    azure.Cloud,
			Decode:   decoding(azure.Decode, func(s *azure.Stack) *kafka.Cluster { return s.Cluster }),
			Run:      azure.Run,
			RunFirst: azure.RunFirst,
			Find:     finding(azure.Find),
			Examine:  examining(azure.Examine),
			Schema:   azure.Schema,
			Template: templates.Azure,
			DataDisk: func(r apitype.ResourceV3) bool { return azure.DataDisk(string(r.Type), r.URN.Name()) },
			Label:    func(r automation.Resource) string { return azure.Label(r.Name) },
			Theirs:   func(r automation.Resource) []string { return azure.Theirs(r.Type) },
			LetGo:    letGo,
			Remedy:   azure.Remedy,
			Passes:   azure.Passes,
			Restarts: func(c automation.Change) (int, bool) { return azure.Restarts(c.Resource.Name, c.Changed) },
		},
		{
			Cloud:          aws.Cloud,
			Decode:         decoding(aws.Decode, func(s *aws.Stack) *kafka.Cluster { return s.Cluster }),
			Run:            aws.Run,
			RunFirst:       aws.RunFirst,
			RecordsRefused: true,
			Find:           finding(aws.Find),
			Examine:        examining(aws.Examine),
			Schema:         aws.Schema,
			Template:       templates.AWS,
			DataDisk:       func(r apitype.ResourceV3) bool { return aws.DataDisk(string(r.Type), r.URN.Name()) },
			Label:          func(r automation.Resource) string { return aws.Label(r.Name) },
			Theirs:         func(r automation.Resource) []string { return aws.Theirs(r.Type) },
			LetGo:          letGo,
			Remedy:         aws.Remedy,
			Restarts:       func(c automation.Change) (int, bool) { return aws.Restarts(c.Resource.Name, c.Changed) },
		},
	}
}

// decoding reads a configuration into the model by way of a cloud's stack.
func decoding[S any](decode func(identity string, values map[string]any) (*S, kafka.Findings), cluster func(*S) *kafka.Cluster) func(automation.StackIdentity, automation.Configuration) (*kafka.Cluster, kafka.Findings) {
	return func(id automation.StackIdentity, values automation.Configuration) (*kafka.Cluster, kafka.Findings) {
		stack, findings := decode(base.Identity(id.Project, id.Stack), values)
		if stack == nil {
			return nil, findings
		}
		return cluster(stack), findings
	}
}

func letGo(r automation.Resource) string { return base.LetGo.Of(r.Name) }

// finding looks a resource up in a cloud.
func finding(find func(ctx *pulumi.Context, token string, inputs map[string]any) (*rolling.Found, error)) func(*pulumi.Context, apitype.ResourceV3) (*automation.Found, error) {
	return func(ctx *pulumi.Context, r apitype.ResourceV3) (*automation.Found, error) {
		found, err := find(ctx, string(r.Type), r.Inputs)
		if found == nil || err != nil {
			return nil, err
		}
		converted := automation.Found(*found)
		return &converted, nil
	}
}

// examining asks a cloud about what is planned.
func examining(ask func(ctx *pulumi.Context, planned []examination.Planned, env []string) ([]examination.Check, error)) func(*pulumi.Context, []automation.Planned, []string) ([]automation.Check, error) {
	return func(ctx *pulumi.Context, planned []automation.Planned, env []string) ([]automation.Check, error) {
		resources := make([]examination.Planned, len(planned))
		for i, p := range planned {
			resources[i] = examination.Planned{Token: p.Type, Inputs: p.Inputs, Was: p.Was, Stays: p.Stays}
		}
		found, err := ask(ctx, resources, env)
		checks := make([]automation.Check, len(found))
		for i, c := range found {
			checks[i] = automation.Check(c)
		}
		return checks, err
	}
}
