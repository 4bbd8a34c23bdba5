package wiring

import (
	"context"
	"time"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/simcloud"
	simulated "github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// Simulate serves the clouds without machines: every host answers at once that it is in sync.
func Simulate(ctx context.Context, request automation.SimulationRequest) (automation.Simulation, error) {
	server, err := simcloud.Serve(ctx, Simulation(request))
	if err != nil {
		return nil, err
	}
	return server, nil
}

// Simulation is what Simulate serves.
func Simulation(request automation.SimulationRequest) simcloud.Options {
	return simcloud.Options{
		Clouds:    []*simcloud.Cloud{azure.Cloud(), simulated.Cloud(simulated.Account{})},
		StateFile: request.StateFile,
		DataPlane: Hosts{Answer: Healthy},
	}
}

// Hosts is a data plane without machines on which every payload is answered at once. It gets a payload as its host would,
// whatever way the cloud brings it.
type Hosts struct {
	simcloud.None
	Answer func(ctx context.Context, payload string) (simcloud.CommandResult, error)
}

// RunCommand answers what a host would report.
func (h Hosts) RunCommand(ctx context.Context, machine simcloud.Resource, script string, _ map[string]string) (simcloud.CommandResult, error) {
	if machine.Type != "aws:ec2/instance:Instance" {
		return h.Answer(ctx, script)
	}
	delivery, err := aws.Delivered(script)
	if err != nil {
		return simcloud.CommandResult{ExitCode: 1, Error: err.Error()}, nil
	}
	result, err := h.Answer(ctx, delivery.Script)
	if err != nil {
		return simcloud.CommandResult{}, err
	}
	report := delivery.Report(result.ExitCode, result.Output+result.Error, time.Now())
	result.Parameters = map[string]string{delivery.Parameter: report}
	return result, nil
}

// Healthy is the answer of a host that is in sync.
func Healthy(_ context.Context, payload string) (simcloud.CommandResult, error) {
	report, err := host.SimulatedReport(payload)
	if err != nil {
		return simcloud.CommandResult{ExitCode: 1, Error: err.Error()}, nil
	}
	return simcloud.CommandResult{Output: report}, nil
}
