package azure

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// Last is the Run Command that a destination has.
func (s machines) Last(ctx *pulumi.Context, resourceGroup string, to rolling.Destination) (*rolling.Sent, error) {
	sent, err := s.lookup(ctx.Context(), resourceGroup, to)
	if resourcemanager.Absent(err) {
		return nil, nil
	}
	return sent, err
}

// Report waits until the Run Command has ended: an interrupted update may have left it behind.
func (s machines) Report(ctx *pulumi.Context, resourceGroup string, to rolling.Destination, _ host.Payload) (*rolling.Sent, error) {
	var sent *rolling.Sent
	err := rolling.Poll(ctx.Context(), longestRun, func() (ended bool, err error) {
		sent, err = s.lookup(ctx.Context(), resourceGroup, to)
		return err == nil && !sent.Running, err
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("node %d: Run Command %s on %s still runs; wait for it, then run up again", to.Machine.Host.Node.ID, runCommandName(to), to.Machine.Name)
	}
	return sent, err
}

// command is a Run Command as Resource Manager describes it.
type command struct {
	Tags       map[string]string `json:"tags"`
	Properties struct {
		Source struct {
			Script string `json:"script"`
		} `json:"source"`
		// InstanceView is nil unless it was asked for.
		InstanceView *struct {
			ExecutionState string `json:"executionState"`
			ExitCode       *int   `json:"exitCode"`
			Output         string `json:"output"`
			Error          string `json:"error"`
		} `json:"instanceView"`
	} `json:"properties"`
}

// lookup asks Resource Manager itself: the provider's function drops the argument that asks for the instance view.
func (s machines) lookup(ctx context.Context, resourceGroup string, to rolling.Destination) (*rolling.Sent, error) {
	node, name := to.Machine.Host.Node.ID, runCommandName(to)
	rm, err := s.resourceManager()
	if err != nil {
		return nil, fmt.Errorf("node %d: cannot read Run Command %s of %s: %w", node, name, to.Machine.Name, err)
	}
	var found command
	err = rm.Get(ctx, machinePath(rm, resourceGroup, to.Machine.Name)+"/runCommands/"+name, resourcemanager.Expanded(computeAPI), &found)
	if err != nil {
		return nil, fmt.Errorf("node %d: cannot read Run Command %s of %s; check that these credentials may read Run Commands; if somebody deleted it, refresh the stack; then run up again: %w",
			node, name, to.Machine.Name, err)
	}
	view := found.Properties.InstanceView
	if view == nil {
		return nil, fmt.Errorf("node %d: Azure shows no instance view of Run Command %s of %s, so nobody knows how it ended; run up again", node, name, to.Machine.Name)
	}
	attempt := attemptOf(found.Tags)
	return &rolling.Sent{
		Attempt: attempt, Unused: attempt + 1, Latest: true,
		Running:   view.ExecutionState == "Pending" || view.ExecutionState == "Running",
		Succeeded: view.ExecutionState == "Succeeded" && view.ExitCode != nil && *view.ExitCode == 0,
		State:     view.ExecutionState, Error: view.Error, Output: view.Output,
		Is: func(p host.Payload) bool { return found.Properties.Source.Script == p.Script() },
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
