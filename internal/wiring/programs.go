// Package wiring joins stacks and simulated clouds to the operations: what the kafkalink binary is made of.
package wiring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/azure"
)

// Programs are the clouds this binary deploys.
func Programs() []automation.Program {
	return []automation.Program{{
		Cloud: azure.Cloud,
		Decode: func(id automation.StackIdentity, values automation.Configuration) (*kafka.Cluster, kafka.Findings) {
			stack, findings := azure.Decode(azure.Identity(id.Project, id.Stack), values)
			if stack == nil {
				return nil, findings
			}
			return stack.Cluster, findings
		},
		Run:      azure.Run,
		RunFirst: azure.RunFirst,
		DataDisk: func(r apitype.ResourceV3) bool { return azure.DataDisk(string(r.Type), r.URN.Name()) },
		Label:    func(r automation.Resource) string { return azure.Label(r.Name) },
		Restarts: func(c automation.Change) (int, bool) { return azure.Restarts(c.Resource.Name, c.Changed) },
	}}
}
