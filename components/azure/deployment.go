package azure

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// Survey asks Azure for the machines that a cluster has. It is asked in previews too.
func Survey(ctx *pulumi.Context, resourceGroup string, plan MachinePlan, c *kafka.Cluster, opts ...pulumi.InvokeOption) (*rolling.Deployment, error) {
	d := &rolling.Deployment{Scope: resourceGroup, Machines: map[int]rolling.DeployedMachine{}}
	for _, n := range c.Nodes {
		name := plan.MachineName(n)
		found, err := compute.LookupVirtualMachine(ctx, &compute.LookupVirtualMachineArgs{ResourceGroupName: resourceGroup, VmName: name}, opts...)
		if Missing(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read machine %s; check that these credentials may read virtual machines: %w", name, err)
		}
		d.Machines[n.ID] = rolling.DeployedMachine{ID: found.VmId, Digest: found.Tags[rolling.DigestTag]}
	}
	return d, nil
}
