package azure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenRunCommand = "azure-native:compute:VirtualMachineRunCommandByVirtualMachine"

// runCommand is a managed Run Command: a script that the machine's agent executes once for each content.
func runCommand() armType {
	return armType{path: "Microsoft.Compute/virtualMachines/{vmName}/runCommands/{runCommandName}", names: commandNames, Kind: simcloud.Kind{
		Token:    tokenRunCommand,
		Duration: 30 * time.Second,
		Required: []string{"parameters[].name", "parameters[].value", "protectedParameters[].name", "protectedParameters[].value"},
		Ranges:   map[string]simcloud.Range{"timeoutInSeconds": {Min: 1, Max: 90 * 60}},
		Defaults: func(p simcloud.Properties) {
			p.Default("asyncExecution", false)
			p.Default("treatFailureAsDeploymentFailure", false)
		},
		Rules:       []simcloud.Rule{commandHasSource, commandWhereMachineIs, commandWhereMachineRuns},
		DeleteRules: []simcloud.Rule{commandWhereMachineRuns},
		Compute: func(t *simcloud.Transaction) error {
			t.After.Computed["provisioningState"] = "Succeeded"
			t.After.Computed["fresh"] = t.World.Recall(executionKey(t.World, t.After)) != contentOf(t.After.Properties)
			if !t.After.Computed.Has("instanceView") {
				t.After.Computed["instanceView"] = instanceView("Unknown", "This content has been executed before and is not executed again.", 0, simcloud.CommandResult{})
			}
			return nil
		},
		Effect: execute,
		Hidden: []string{"instanceView", "protectedParameters", "runAsPassword"},
	}}
}

func commandHasSource(t *simcloud.Transaction) error {
	p := t.After.Properties
	sources := 0
	for _, name := range []string{"script", "scriptUri", "commandId"} {
		if p.Text("source."+name) != "" {
			sources++
		}
	}
	if sources != 1 {
		return refuse(400, "InvalidParameter", "Run command %s must have exactly one of source.script, source.scriptUri and source.commandId, it has %d.", nameOf(t.After.ID), sources)
	}
	if !p.Has("source.script") {
		return refuse(400, "SimulatedCloudLimit", "The simulated Azure executes source.script only: run command %s names another source.", nameOf(t.After.ID))
	}
	return nil
}

func commandWhereMachineIs(t *simcloud.Transaction) error {
	machine, _ := t.World.Get(t.After.Parent)
	return sameRegion(t, machine)
}

// commandWhereMachineRuns: Azure does not make, change or delete a Run Command of a machine without power, as it is with
// extensions.
func commandWhereMachineRuns(t *simcloud.Transaction) error {
	command := t.After
	if command == nil {
		command = t.Before
	}
	if machine, ok := t.World.Get(command.Parent); ok && !runs(machine) {
		return refuse(409, "OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.")
	}
	return nil
}

// contentOf identifies what must change for a script to be executed again.
func contentOf(p simcloud.Properties) string {
	content := simcloud.Properties{}
	for _, name := range []string{"source", "parameters", "protectedParameters", "runAsUser", "runAsPassword", "timeoutInSeconds"} {
		content[name] = p[name]
	}
	return identifiers.Digest(content.JSON())
}

// executionKey is where the cloud remembers the content last executed under a command's name on a
// machine: the memory outlives the command, not the machine.
func executionKey(world simcloud.View, command *simcloud.Resource) string {
	machine, ok := world.Get(command.Parent)
	if !ok {
		return ""
	}
	return "executed " + machine.Computed.Text("vmId") + " " + nameOf(command.ID)
}

// defaultTimeout is how long a script may take that says nothing.
const defaultTimeout = 90 * time.Minute

// execute runs the script, unless its content was the last executed under its name on this machine.
func execute(ctx context.Context, e simcloud.Effect) (simcloud.Properties, error) {
	if !e.After.Computed.True("fresh") {
		return nil, nil
	}
	if !e.After.Properties.True("asyncExecution") {
		return executeNow(ctx, e)
	}
	e.Later(func(ctx context.Context) simcloud.Properties {
		shown, _ := executeNow(ctx, e)
		return shown
	})
	return simcloud.Properties{"instanceView": instanceView("Running", "Execution in progress", 0, simcloud.CommandResult{})}, nil
}

func executeNow(ctx context.Context, e simcloud.Effect) (simcloud.Properties, error) {
	p := e.After.Properties
	machine, ok := e.World.Get(e.After.Parent)
	if !ok {
		return nil, missing("", e.After.Parent, "")
	}
	key := executionKey(e.World, e.After)
	if err := e.Remember(key, contentOf(p)); err != nil {
		return nil, err
	}
	limit := defaultTimeout
	if seconds := p.Number("timeoutInSeconds"); seconds > 0 {
		limit = time.Duration(seconds) * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	parameters := map[string]string{}
	for _, list := range []string{"parameters", "protectedParameters"} {
		for _, parameter := range p.Objects(list) {
			parameters[parameter.Text("name")] = parameter.Text("value")
		}
	}
	started := time.Now()
	result, err := e.DataPlane.RunCommand(ctx, *machine, p.Text("source.script"), parameters)
	if errors.Is(err, simcloud.ErrNoAgent) { // nothing was executed: an equal content is fresh next time
		if err := e.Remember(key, e.World.Recall(key)); err != nil {
			return nil, err
		}
	}
	shown, failed := outcome(e.After, limit, result, err)
	shown.Set("instanceView.startTime", started.UTC().Format(time.RFC3339))
	shown.Set("instanceView.endTime", time.Now().UTC().Format(time.RFC3339))
	return shown, failed
}

// outcome is what Azure makes of an execution.
func outcome(command *simcloud.Resource, limit time.Duration, result simcloud.CommandResult, err error) (simcloud.Properties, error) {
	name := nameOf(command.ID)
	var shown map[string]any
	reason := ""
	switch {
	case errors.Is(err, simcloud.ErrNoAgent):
		return failedState(instanceView("Unknown", err.Error(), 0, result)), refuse(409, "VMAgentStatusCommunicationError", "VM '%s' has not reported status for VM agent or extensions. Verify that the OS is up and healthy, the VM has a running VM agent, and that it can establish outbound connections to Azure storage. Run command %s was not executed.", nameOf(command.Parent), name)
	case errors.Is(err, context.DeadlineExceeded):
		reason = fmt.Sprintf("the script did not end within %s", limit)
		shown = instanceView("TimedOut", reason, -1, result)
	case err != nil:
		reason = err.Error()
		shown = instanceView("Failed", reason, -1, result)
	case result.ExitCode != 0:
		reason = fmt.Sprintf("the script exited with code %d: %s", result.ExitCode, result.End(shownBytes).Error)
		shown = instanceView("Failed", "Execution failed", result.ExitCode, result)
	default:
		return simcloud.Properties{"instanceView": instanceView("Succeeded", "Execution completed", 0, result)}, nil
	}
	if !command.Properties.True("treatFailureAsDeploymentFailure") {
		return simcloud.Properties{"instanceView": shown}, nil // deployed, whatever the script says
	}
	return failedState(shown), refuse(409, "VMExtensionProvisioningError", "VM has reported a failure when processing run command '%s'. Error message: '%s'.", name, reason)
}

func failedState(shown map[string]any) simcloud.Properties {
	return simcloud.Properties{"instanceView": shown, "provisioningState": "Failed"}
}

func instanceView(state, message string, exitCode int, result simcloud.CommandResult) map[string]any {
	return map[string]any{
		"executionState": state, "executionMessage": message, "exitCode": float64(exitCode),
		"output": result.End(shownBytes).Output, "error": result.End(shownBytes).Error,
	}
}

// shownBytes is how much of a script's output Azure keeps: its end.
const shownBytes = 4096
