package azure

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// Last is the Run Command that a destination has.
func (s machines) Last(ctx *pulumi.Context, resourceGroup string, to rolling.Destination) (*rolling.Sent, error) {
	sent, err := lookup(ctx, resourceGroup, to)
	if Missing(err) {
		return nil, nil
	}
	return sent, err
}

// Report waits until the Run Command has ended: an interrupted update may have left it behind.
func (s machines) Report(ctx *pulumi.Context, resourceGroup string, to rolling.Destination, _ host.Payload) (*rolling.Sent, error) {
	var sent *rolling.Sent
	err := rolling.Poll(ctx.Context(), longestRun, func() (ended bool, err error) {
		sent, err = lookup(ctx, resourceGroup, to)
		return err == nil && !sent.Running, err
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("node %d: Run Command %s on %s still runs; wait for it, then run up again", to.Machine.Host.Node.ID, runCommandName(to), to.Machine.Name)
	}
	return sent, err
}

func lookup(ctx *pulumi.Context, resourceGroup string, to rolling.Destination) (*rolling.Sent, error) {
	found, err := compute.LookupVirtualMachineRunCommandByVirtualMachine(ctx, &compute.LookupVirtualMachineRunCommandByVirtualMachineArgs{
		ResourceGroupName: resourceGroup, VmName: to.Machine.Name, RunCommandName: runCommandName(to), Expand: pulumi.StringRef("instanceView"),
	}, pulumi.Parent(to.Parent))
	if err != nil {
		return nil, fmt.Errorf("node %d: cannot read Run Command %s of %s; check that these credentials may read Run Commands; if somebody deleted it, refresh the stack; then run up again: %w",
			to.Machine.Host.Node.ID, runCommandName(to), to.Machine.Name, err)
	}
	view := found.InstanceView
	state, attempt := deref(view.ExecutionState), attemptOf(found.Tags)
	return &rolling.Sent{
		Attempt: attempt, Unused: attempt + 1, Latest: true,
		Running:   state == "Pending" || state == "Running",
		Succeeded: state == "Succeeded" && view.ExitCode != nil && *view.ExitCode == 0,
		State:     state, Error: deref(view.Error), Output: deref(view.Output),
		Is: func(p host.Payload) bool { return found.Source != nil && deref(found.Source.Script) == p.Script() },
	}, nil
}

// attemptOf is the number that a Run Command was last sent with.
func attemptOf(tags map[string]string) int {
	attempt, err := strconv.Atoi(tags[attemptTag])
	if err != nil {
		return 1
	}
	return attempt
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
