package azure

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// Survey asks Azure for the machines that a cluster has. It is asked in previews too.
func Survey(ctx *pulumi.Context, resourceGroup string, plan MachinePlan, c *kafka.Cluster, opts ...pulumi.InvokeOption) (*rolling.Deployment, error) {
	rm := sync.OnceValues(func() (*resourcemanager.Client, error) { return ResourceManager(ctx, nil, opts...) })
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
		stopped, err := powerless(ctx.Context(), rm, resourceGroup, name)
		if err != nil {
			return nil, err
		}
		d.Machines[n.ID] = rolling.DeployedMachine{ID: found.VmId, Digest: found.Tags[rolling.DigestTag], Stopped: stopped}
	}
	return d, nil
}

// withoutPower are the power states of a machine that does not run, and of one on its way there. Source: Azure Virtual Machines,
// "States and billing status".
var withoutPower = []string{"PowerState/stopping", "PowerState/stopped", "PowerState/deallocating", "PowerState/deallocated"}

// powerless says whether a machine is stopped or deallocated.
func powerless(ctx context.Context, resourceManager func() (*resourcemanager.Client, error), resourceGroup, name string) (bool, error) {
	rm, err := resourceManager()
	if err != nil {
		return false, fmt.Errorf("cannot read the power state of machine %s: %w", name, err)
	}
	var found struct {
		Properties struct {
			InstanceView struct {
				Statuses []struct {
					Code string `json:"code"`
				} `json:"statuses"`
			} `json:"instanceView"`
		} `json:"properties"`
	}
	err = rm.Get(ctx, machinePath(rm, resourceGroup, name), resourcemanager.Expanded(computeAPI), &found)
	if resourcemanager.Absent(err) {
		return false, nil // it was deleted a moment ago
	}
	if err != nil {
		return false, fmt.Errorf("cannot read the power state of machine %s; check that these credentials may read virtual machines: %w", name, err)
	}
	for _, status := range found.Properties.InstanceView.Statuses {
		if slices.Contains(withoutPower, status.Code) {
			return true, nil
		}
	}
	return false, nil
}
