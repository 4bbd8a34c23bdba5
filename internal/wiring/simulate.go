package wiring

import (
	"context"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/simcloud"
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
		Clouds:    []*simcloud.Cloud{azure.Cloud()},
		StateFile: request.StateFile,
		DataPlane: instantHosts{},
	}
}

// instantHosts gives the answer of a healthy host to every configuration, without a host.
type instantHosts struct{ simcloud.None }

// RunCommand answers what a host would report.
func (instantHosts) RunCommand(_ context.Context, _ simcloud.Resource, script string, _ map[string]string) (simcloud.CommandResult, error) {
	report, err := host.SimulatedReport(script)
	if err != nil {
		return simcloud.CommandResult{ExitCode: 1, Error: err.Error()}, nil
	}
	return simcloud.CommandResult{Output: report}, nil
}
