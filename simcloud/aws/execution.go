package aws

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/kafkalink/kafkalink/simcloud"
)

// runAll runs an association on the instances it had when it was made or updated, side by side, and gives what came of it.
func runAll(ctx context.Context, e simcloud.Effect) map[string]any {
	var mu sync.Mutex
	var running sync.WaitGroup
	results := map[string]any{}
	for id := range e.After.Computed.Object(executions) {
		running.Go(func() {
			status, detail := runOn(ctx, e, e.After, id)
			note(e, e.After.ID, id, status, detail)
			mu.Lock()
			defer mu.Unlock()
			results[id] = shownExecution(status, detail)
		})
	}
	running.Wait()
	return results
}

// runOn runs an association's document on one instance, if that is managed.
func runOn(ctx context.Context, e simcloud.Effect, association *simcloud.Resource, id string) (status, detail string) {
	view := e.Now()
	if err := Managed(view, id); err != nil {
		return "Pending", err.Error()
	}
	instance, _ := view.Get(id)
	parameters := parametersOf(view, association)
	for _, step := range documentOf(view, association).MainSteps {
		result, err := runStep(ctx, e, instance, step.expanded(parameters))
		switch {
		case errors.Is(err, simcloud.ErrNoAgent):
			return "Pending", err.Error()
		case err != nil:
			status, detail = "Failed", fmt.Sprintf("step %s: %s", step.Name, err)
		case result.ExitCode != 0:
			status, detail = "Failed", fmt.Sprintf("step %s exited with code %d: %s", step.Name, result.ExitCode, result.End(shownBytes).Error)
		case status == "":
			status, detail = "Success", result.End(shownBytes).Output
		}
		if status == "Failed" && (step.OnFailure == "exit" || step.Inputs.OnFailure == "exit") {
			break
		}
	}
	return status, detail
}

// shownBytes is how much of a script's output is kept: its end.
const shownBytes = 2500

// runStep runs one step's script, and puts the parameters that the machine could not put itself.
func runStep(ctx context.Context, e simcloud.Effect, instance *simcloud.Resource, step commandStep) (simcloud.CommandResult, error) {
	within, cancel := context.WithTimeout(ctx, step.timeout())
	defer cancel()
	result, err := e.DataPlane.RunCommand(within, *instance, step.script(), nil) // which has its parameters in it
	if err != nil {
		return result, err
	}
	for _, name := range slices.Sorted(maps.Keys(result.Parameters)) {
		if err := e.Mutate(puts(instance.ID, name, result.Parameters[name], true)); err != nil {
			return result, err
		}
	}
	return result, nil
}

// parametersOf are an association's parameters with the document's defaults, and with what they refer to in the store.
func parametersOf(view simcloud.View, association *simcloud.Resource) map[string]string {
	values := map[string]string{}
	for name, declared := range documentOf(view, association).Parameters {
		if declared.Default != nil {
			values[name] = fmt.Sprint(declared.Default)
		}
	}
	given := association.Properties.Object("parameters")
	for name := range given {
		values[name] = stored.ReplaceAllStringFunc(given.Text(name), func(match string) string {
			r, ok := view.Get(parameterSpace + stored.FindStringSubmatch(match)[1])
			if !ok {
				return match
			}
			return valueOf(r)
		})
	}
	return values
}

// expanded is a step with its parameters put in, as the agent does: a line that is nothing but a parameter becomes its
// value; elsewhere nothing is quoted, and $1 or $name in a value is expanded, to nothing.
func (s commandStep) expanded(parameters map[string]string) commandStep {
	expand := func(text string) string {
		for _, name := range slices.Sorted(maps.Keys(parameters)) {
			if text == "{{ "+name+" }}" || text == "{{"+name+"}}" {
				return parameters[name]
			}
			text = regexp.MustCompile(`{{\s*`+regexp.QuoteMeta(name)+`\s*}}`).ReplaceAllString(text, parameters[name])
		}
		return text
	}
	lines := make([]string, len(s.Inputs.RunCommand))
	for i, line := range s.Inputs.RunCommand {
		lines[i] = expand(line)
	}
	s.Inputs.RunCommand, s.Inputs.TimeoutSeconds = lines, expand(s.Inputs.TimeoutSeconds)
	return s
}

// agentsTryAgain is what instances' agents do all the time: those that could not register try again, and a pending
// association runs where it now can. Kinds on which that depends have it as their effect.
func agentsTryAgain(_ context.Context, e simcloud.Effect) (simcloud.Properties, error) {
	for _, association := range e.World.List(tokenAssociation) {
		for _, instance := range targetsOf(e.World, association) {
			if waiting(association, instance.ID) && Managed(e.World, instance.ID) == nil {
				e.Later(func(ctx context.Context) simcloud.Properties {
					resume(ctx, e, association.ID, instance.ID)
					return nil
				})
			}
		}
	}
	return nil, nil
}

// waiting says whether an association has yet to run on an instance.
func waiting(association *simcloud.Resource, instance string) bool {
	one := association.Computed.Object(executions).Object(instance)
	return one == nil || one.Text("status") == "Pending"
}

// resume runs a pending association on one instance, unless somebody else has begun to.
func resume(ctx context.Context, e simcloud.Effect, association, instance string) {
	begun := false
	err := e.Mutate(func(world *simcloud.World) error {
		if r, ok := world.Get(association); ok && waiting(r, instance) {
			begun = true
			record(world, association, instance, "InProgress", "")
		}
		return nil
	})
	r, ok := e.Now().Get(association)
	if err != nil || !begun || !ok {
		return
	}
	status, detail := runOn(ctx, e, r, instance)
	note(e, association, instance, status, detail)
}

// note writes down what came of an execution; what cannot be written down was run all the same.
func note(e simcloud.Effect, association, instance, status, detail string) {
	_ = e.Mutate(func(world *simcloud.World) error {
		record(world, association, instance, status, detail)
		return nil
	})
}

func record(world *simcloud.World, association, instance, status, detail string) {
	world.Change(association, func(r *simcloud.Resource) {
		all := r.Computed.Object(executions)
		if all == nil {
			all = simcloud.Properties{}
		}
		all[instance] = shownExecution(status, detail)
		r.Computed[executions] = map[string]any(all)
	})
}

// puts is a put-parameter in an instance's name.
func puts(instanceID, name, value string, overwrite bool) func(*simcloud.World) error {
	return func(world *simcloud.World) error {
		instance, ok := simcloud.GetOf(world, tokenInstance, instanceID)
		if !ok {
			return missing(tokenInstance, instanceID, "")
		}
		role, err := roleOf(world, instance)
		if err != nil {
			return refuse("CredentialsNotFound", "Unable to locate credentials: %s", err)
		}
		arn := parameterARN(regionOf(instance), accountOf(instance), name)
		if !allowed(world, role, "ssm:PutParameter", arn) {
			return refuse("AccessDeniedException", "User: arn:aws:sts::%s:assumed-role/%s/%s is not authorized to perform: ssm:PutParameter on resource: %s because no identity-based policy allows the ssm:PutParameter action",
				accountOf(instance), strings.TrimPrefix(role.ID, roleSpace), instance.ID, arn)
		}
		return putParameter(world, regionOf(instance), accountOf(instance), name, value, overwrite)
	}
}

// PutParameter puts a parameter of type String in an instance's name, as a script on it does with the AWS command line. The
// instance's role must allow it; a value that exists is replaced only with overwrite. Where a program has made the parameter,
// a refresh finds it changed.
func PutParameter(server *simcloud.Server, instanceID, name, value string, overwrite bool) error {
	return server.Mutate(puts(instanceID, name, value, overwrite))
}
