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
		if err := checkGrowth(ctx.Context(), rm, resourceGroup, plan, n); err != nil {
			return nil, err
		}
		d.Region = found.Location
		d.Machines[n.ID] = rolling.DeployedMachine{
			ID: found.VmId, Digest: found.Tags[rolling.DigestTag], MadeFrom: found.Tags[rolling.MadeFromTag], Stopped: stopped,
		}
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

// growsInUse is the size up to which every disk grows while its machine runs. Beyond, those of PremiumV2_LRS do. Source: Azure
// Virtual Machines, "Expand virtual hard disks on a Linux VM".
const growsInUse = 4096 // GiB

// checkGrowth refuses a size of a data disk that Azure gives it only while its machine is deallocated.
func checkGrowth(ctx context.Context, resourceManager func() (*resourcemanager.Client, error), resourceGroup string, plan MachinePlan, n kafka.Node) error {
	if plan.DataDisk.SizeGiB <= growsInUse || plan.DataDisk.SKU == "PremiumV2_LRS" {
		return nil
	}
	name := dataDiskName(plan.MachineName(n))
	rm, err := resourceManager()
	if err != nil {
		return fmt.Errorf("cannot read disk %s: %w", name, err)
	}
	var found struct {
		Properties struct {
			DiskSizeGB int `json:"diskSizeGB"`
		} `json:"properties"`
	}
	err = rm.Get(ctx, rm.Group(resourceGroup)+"/providers/Microsoft.Compute/disks/"+name, resourcemanager.Of(disksAPI), &found)
	if resourcemanager.Absent(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read disk %s; check that these credentials may read disks: %w", name, err)
	}
	if found.Properties.DiskSizeGB > growsInUse {
		return nil
	}
	return fmt.Errorf("machines.dataDisk.sizeGiB: node %d's disk %s has %d GiB, and Azure makes a %s disk larger than %d GiB only while its machine is deallocated; "+
		"choose at most %d, or, node after node, deallocate the machine, resize the disk (az disk update --size-gb %d), start the machine, and refresh the stack",
		n.ID, name, found.Properties.DiskSizeGB, plan.DataDisk.SKU, growsInUse, growsInUse, plan.DataDisk.SizeGiB)
}
