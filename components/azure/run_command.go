package azure

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
)

// runCommand is a Run Command as Azure sees it.
type runCommand struct {
	vmName, name string
	node         int // that the machine is
	parent       pulumi.Resource
}

func (r runCommand) lookup(ctx *pulumi.Context, resourceGroup string) (*compute.LookupVirtualMachineRunCommandByVirtualMachineResult, error) {
	found, err := compute.LookupVirtualMachineRunCommandByVirtualMachine(ctx, &compute.LookupVirtualMachineRunCommandByVirtualMachineArgs{
		ResourceGroupName: resourceGroup, VmName: r.vmName, RunCommandName: r.name, Expand: pulumi.StringRef("instanceView"),
	}, pulumi.Parent(r.parent))
	if err != nil {
		return nil, fmt.Errorf("node %d: cannot read Run Command %s of %s; check that these credentials may read Run Commands; if somebody deleted it, refresh the stack; then run up again: %w", r.node, r.name, r.vmName, err)
	}
	return found, nil
}

// missing tells what is not there from what cannot be read, like SubscriptionNotFound. The provider gives no code, only
// Azure's text.
func missing(err error) bool { return err != nil && notFound.MatchString(err.Error()) }

// notFound are Azure's codes of a resource that is not there; the bare one is that of parts of others, like a subnet.
var notFound = regexp.MustCompile(`\b((Parent)?Resource(Group)?)?NotFound\b`)

// attempt is the number the next payload carries: the last one's, or one more if that payload failed. Azure does not
// run identical content again, not even after a failure, so a retry has to differ.
func (r runCommand) attempt(ctx *pulumi.Context, resourceGroup string, render func(attempt int) host.Payload) (int, error) {
	last, err := r.lookup(ctx, resourceGroup)
	if missing(err) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	attempt := attemptOf(last)
	p := render(attempt)
	if running(last.InstanceView) || last.Source == nil || deref(last.Source.Script) != p.Script() {
		return attempt, nil
	}
	if _, err := verify(last.InstanceView, r.node, p); err != nil {
		attempt++
	}
	return attempt, nil
}

// attemptOf is the number that a Run Command was last sent with.
func attemptOf(last *compute.LookupVirtualMachineRunCommandByVirtualMachineResult) int {
	attempt, err := strconv.Atoi(last.Tags[attemptTag])
	if err != nil {
		return 1
	}
	return attempt
}

func running(view compute.VirtualMachineRunCommandInstanceViewResponse) bool {
	state := deref(view.ExecutionState)
	return state == "Pending" || state == "Running"
}

// report reads what the host said. Only that counts: Azure records a Run Command that failed to be created, and would
// show no difference at the next update.
func (r runCommand) report(ctx *pulumi.Context, resourceGroup string, p host.Payload) (string, error) {
	deadline, cancel := context.WithTimeout(ctx.Context(), longestRun)
	defer cancel()
	for {
		found, err := r.lookup(ctx, resourceGroup)
		if err != nil {
			return "", err
		}
		if !running(found.InstanceView) {
			return verify(found.InstanceView, r.node, p)
		}
		select { // an interrupted update left it behind
		case <-deadline.Done():
			return "", fmt.Errorf("node %d: Run Command %s on %s still runs; wait for it, then run up again", r.node, r.name, r.vmName)
		case <-time.After(5 * time.Second):
		}
	}
}

func verify(view compute.VirtualMachineRunCommandInstanceViewResponse, node int, p host.Payload) (string, error) {
	state, output := deref(view.ExecutionState), deref(view.Output)
	if state != "Succeeded" || view.ExitCode == nil || *view.ExitCode != 0 {
		return "", fmt.Errorf("node %d refused its configuration (%s): %s\n%s\nThe node runs what it ran before; correct the cause and run up again", node, state, deref(view.Error), output)
	}
	report, err := host.ParseReport(output)
	if err == nil {
		err = p.Check(report)
	}
	if err != nil {
		return "", fmt.Errorf("node %d: %w", node, err)
	}
	return report.Digest, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
