package azure

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// digestTag records on a machine what it was made from.
const digestTag = "kafkalink-machine"

// Deployment is what is there before a program changes it.
type Deployment struct {
	// ResourceGroup of the machines.
	ResourceGroup string `pulumi:"resourceGroup"`
	// Machines by node id; a node without a machine is not in it.
	Machines map[int]DeployedMachine `pulumi:"machines"`
}

// DeployedMachine is a machine that is there.
type DeployedMachine struct {
	// ID is Azure's unique id of it, another one for each machine that ever has its name.
	ID string `pulumi:"id"`
	// Digest of what it was made from.
	Digest string `pulumi:"digest"`
}

// Survey asks Azure for the machines that a cluster has. It is asked in previews too.
func Survey(ctx *pulumi.Context, resourceGroup string, plan MachinePlan, c *kafka.Cluster, opts ...pulumi.InvokeOption) (*Deployment, error) {
	d := &Deployment{ResourceGroup: resourceGroup, Machines: map[int]DeployedMachine{}}
	for _, n := range c.Nodes {
		name := plan.MachineName(n)
		found, err := compute.LookupVirtualMachine(ctx, &compute.LookupVirtualMachineArgs{ResourceGroupName: resourceGroup, VmName: name}, opts...)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read machine %s; check that these credentials may read virtual machines: %w", name, err)
		}
		d.Machines[n.ID] = DeployedMachine{ID: found.VmId, Digest: found.Tags[digestTag]}
	}
	return d, nil
}
