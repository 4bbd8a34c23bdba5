package azure

import (
	"strconv"
	"time"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/naming"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// longestRun is Azure's limit for a managed Run Command. The host's own limits are shorter: it gives up first, and says
// why.
const longestRun = 90 * time.Minute

// attemptTag records on a Run Command how often its content was sent.
const attemptTag = "kafkalink-attempt"

// Send runs a payload on a machine by a managed Run Command.
func (s machines) Send(ctx *pulumi.Context, shipment rolling.Shipment, opts ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	if shipment.Still {
		opts = append(opts, pulumi.IgnoreChanges([]string{"vmName", "source", "tags"}))
	}
	if vm := shipment.Machine.Made(); vm != nil {
		// Azure does not delete a Run Command of a machine without power. It goes with its machine, whatever state that is in.
		opts = append(opts, pulumi.DeletedWith(vm))
	}
	script := shipment.Text(func(p rolling.Payload) string { return p.Script() })
	attempt := shipment.Text(func(p rolling.Payload) string { return strconv.Itoa(p.Attempt) })
	return compute.NewVirtualMachineRunCommandByVirtualMachine(ctx, shipment.Name, &compute.VirtualMachineRunCommandByVirtualMachineArgs{
		ResourceGroupName: s.ResourceGroupName,
		VmName:            pulumi.String(shipment.Machine.Name),
		RunCommandName:    pulumi.String(runCommandName(shipment.Destination)),
		Source:            &compute.VirtualMachineRunCommandScriptSourceArgs{Script: script.ToStringPtrOutput()},
		TimeoutInSeconds:  pulumi.Int(int(longestRun.Seconds())),
		// Without these two, Azure calls a script that failed, or still runs, a success.
		AsyncExecution:                  pulumi.Bool(false),
		TreatFailureAsDeploymentFailure: pulumi.Bool(true),
		Tags:                            naming.Overlay(pulumi.ToStringMap(s.Tags), pulumi.StringMap{attemptTag: attempt}),
	}, append(opts,
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: withSlack(longestRun), Update: withSlack(longestRun)}))...)
}

// runCommandName is the name under which a machine is sent payloads for one purpose.
func runCommandName(to rolling.Destination) string { return "kafkalink-" + to.Purpose }

// withSlack is what the engine allows above Azure's own limit, for Azure to start and to answer.
func withSlack(limit time.Duration) string { return (limit + 15*time.Minute).String() }
