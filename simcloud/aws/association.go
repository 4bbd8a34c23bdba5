package aws

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenAssociation = "aws:ssm/association:Association"

func association() awsType {
	return awsType{
		service: "SSM", noun: "Association", arn: "ssm:{region}:{account}:association/{id}", modifies: "UpdateAssociation",
		name:          &naming{input: "name", noPrefix: true, max: 255},
		inputDefaults: simcloud.Properties{"applyOnlyAtCronInterval": false},
		Kind: simcloud.Kind{
			Token:    tokenAssociation,
			Duration: 30 * time.Second,
			ID:       func(identity *simcloud.Identity) (string, string) { return identifiers.GUID(identity.Unique()), "" },
			Required: []string{"targets[].values"},
			Replaces: []string{"instanceId"},
			Enums: map[string][]string{
				"complianceSeverity": {"CRITICAL", "HIGH", "MEDIUM", "LOW", "UNSPECIFIED"}, "syncCompliance": {"AUTO", "MANUAL"},
			},
			KeptWhenUnset: []string{"documentVersion", "parameters", "targets"},
			References:    []simcloud.Reference{{Path: "name", To: []string{tokenDocument}}},
			Check: func(c *simcloud.Checker) {
				c.Each("associationName", func(path string, value any) {
					if name, ok := value.(string); ok && !associationNames.MatchString(name) {
						c.Fail(path, "'%s' is %q: must have 3 to 128 letters, digits, underscores, hyphens and periods", path, name)
					}
				})
			},
			Defaults: func(p simcloud.Properties) { p.Default("documentVersion", "$DEFAULT") },
			Rules:    []simcloud.Rule{associationTargets, associationParameters, associationPlanned},
			Compute: func(t *simcloud.Transaction) error {
				t.After.Computed["associationId"] = t.After.ID
				if t.Before == nil || !onlyTagsChanged(t.Before.Properties, t.After.Properties) {
					begin(t.World, t.After)
				}
				return nil
			},
			Effect: associate,
		},
	}
}

var associationNames = regexp.MustCompile(`^[\w.-]{3,128}$`)

func associationTargets(t *simcloud.Transaction) error {
	p := t.After.Properties
	if p.Has("instanceId") {
		return refuse("InvalidDocument", "Document schema version, %s, is not supported by association that is created with instance id", documentOf(t.World, t.After).SchemaVersion)
	}
	targets := p.Objects("targets")
	if len(targets) == 0 || len(targets) > 5 {
		return refuse("InvalidTarget", "An association has 1 to 5 targets, this has %d.", len(targets))
	}
	for _, target := range targets {
		key, values := target.Text("key"), target.Texts("values")
		switch {
		case key != "InstanceIds" && !strings.HasPrefix(key, "tag:"):
			return limit("Targets of associations are InstanceIds or tag:NAME, not %s.", key)
		case len(values) == 0 || len(values) > 50:
			return refuse("InvalidTarget", "Target %s has 1 to 50 values, this has %d.", key, len(values))
		}
	}
	if t.Before != nil && reflect.DeepEqual(t.Before.Properties["targets"], t.After.Properties["targets"]) {
		return nil
	}
	return targetsAreThere(t)
}

// targetsAreThere: what an association had may go, what it gets must be there.
func targetsAreThere(t *simcloud.Transaction) error {
	for _, target := range t.After.Properties.Objects("targets") {
		if target.Text("key") != "InstanceIds" {
			continue
		}
		for _, id := range target.Texts("values") {
			if _, there := simcloud.GetOf(t.World, tokenInstance, id); !there {
				return refuse("InvalidInstanceId", "Instance %s is not in a valid state.", id)
			}
		}
	}
	return nil
}

// associationPlanned: schedules would run scripts when nobody asks.
func associationPlanned(t *simcloud.Transaction) error {
	if p := t.After.Properties; p.Has("scheduleExpression") || p.True("applyOnlyAtCronInterval") {
		return limit("Associations run when they are made and when they are updated: schedules are not modelled.")
	}
	return nil
}

func documentOf(view simcloud.View, association *simcloud.Resource) command {
	r, ok := view.Get(documentSpace + association.Properties.Text("name"))
	if !ok {
		return command{}
	}
	parsed, _ := parseDocument(r.Properties.Text("documentFormat"), r.Properties.Text("content"))
	return parsed
}

// stored is a reference to the parameter store within a value.
var stored = regexp.MustCompile(`{{\s*ssm:([\w/.-]+)\s*}}`)

// associationParameters: those given are declared, those without a default are given, and values are what is allowed.
func associationParameters(t *simcloud.Transaction) error {
	declared := documentOf(t.World, t.After).Parameters
	given := t.After.Properties.Object("parameters")
	for _, name := range slices.Sorted(maps.Keys(given)) {
		parameter, ok := declared[name]
		if !ok {
			return refuse("InvalidParameters", "Parameter \"%s\" is not defined in the document.", name)
		}
		if err := parameter.admits(t.World, name, given.Text(name)); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if declared[name].Default == nil && !given.Has(name) {
			return refuse("InvalidParameters", "Parameter \"%s\" requires a value.", name)
		}
	}
	return nil
}

func (p commandParameter) admits(view simcloud.View, name, value string) error {
	for _, match := range stored.FindAllStringSubmatch(value, -1) {
		if _, ok := view.Get(parameterSpace + match[1]); !ok {
			return refuse("InvalidParameters", "Parameter \"%s\" refers to parameter %s, which does not exist.", name, match[1])
		}
	}
	if strings.Contains(stored.ReplaceAllString(value, ""), "{{") {
		return limit("The value of parameter %s holds '{{': AWS would take it for another parameter. Send base64.", name)
	}
	switch allowed, err := regexp.MatchString("^(?:"+p.AllowedPattern+")$", value); {
	case p.AllowedPattern != "" && (err != nil || !allowed):
		return refuse("InvalidParameters", "Parameter \"%s\" does not match the pattern %s.", name, p.AllowedPattern)
	case len(p.AllowedValues) > 0 && !slices.Contains(p.AllowedValues, value):
		return refuse("InvalidParameters", "Parameter \"%s\" is none of the allowed values.", name)
	case p.MaxChars > 0 && len(value) > p.MaxChars:
		return refuse("InvalidParameters", "Parameter \"%s\" has %d characters, it may have %d.", name, len(value), p.MaxChars)
	}
	return nil
}

// Execution is what an association came to on one instance.
type Execution struct {
	Instance string
	Status   string // Pending, InProgress, Success or Failed
	Detail   string // why it is pending, or what the script said last
}

// executions is where an association remembers them; no output has the name.
const executions = "executions"

// Executions are what an association came to on its instances, the last time it was run.
func Executions(view simcloud.View, id string) []Execution {
	r, ok := simcloud.GetOf(view, tokenAssociation, id)
	if !ok {
		return nil
	}
	var found []Execution
	for _, instance := range slices.Sorted(maps.Keys(r.Computed.Object(executions))) {
		one := r.Computed.Object(executions).Object(instance)
		found = append(found, Execution{instance, one.Text("status"), one.Text("detail")})
	}
	return found
}

// targetsOf are the instances that an association is for, as far as they exist.
func targetsOf(view simcloud.View, association *simcloud.Resource) []*simcloud.Resource {
	var found []*simcloud.Resource
	for _, instance := range view.List(tokenInstance) {
		if !slices.ContainsFunc(association.Properties.Objects("targets"), func(target simcloud.Properties) bool { return !targeted(target, instance) }) {
			found = append(found, instance)
		}
	}
	return found
}

func targeted(target simcloud.Properties, instance *simcloud.Resource) bool {
	if tag, ok := strings.CutPrefix(target.Text("key"), "tag:"); ok {
		value, tagged := instance.Properties.Object("tags")[tag].(string)
		return tagged && slices.Contains(target.Texts("values"), value)
	}
	return slices.Contains(target.Texts("values"), instance.ID)
}

// associate runs an association that was made or updated. Tags alone are no update to Systems Manager.
func associate(ctx context.Context, e simcloud.Effect) (simcloud.Properties, error) {
	if e.Before != nil && onlyTagsChanged(e.Before.Properties, e.After.Properties) {
		return nil, nil
	}
	awaited := time.Duration(e.After.Properties.Number("waitForSuccessTimeoutSeconds")) * time.Second
	if e.Operation != simcloud.OperationCreate || awaited == 0 {
		e.Later(func(ctx context.Context) simcloud.Properties {
			runAll(ctx, e)
			return nil
		})
		return nil, nil
	}
	within, cancel := context.WithTimeout(ctx, awaited)
	defer cancel()
	return nil, awaitSuccess(e.After.ID, awaited, runAll(within, e))
}

func onlyTagsChanged(before, after simcloud.Properties) bool {
	was, is := before.Clone(), after.Clone()
	delete(was, "tags")
	delete(is, "tags")
	return sameJSON(was.JSON(), is.JSON())
}

// begin notes on which instances an association is to be run, so that no agent runs it there besides.
func begin(view simcloud.View, association *simcloud.Resource) {
	begun := map[string]any{}
	for _, instance := range targetsOf(view, association) {
		begun[instance.ID] = shownExecution("InProgress", "")
	}
	association.Computed[executions] = begun
}

func shownExecution(status, detail string) map[string]any {
	return map[string]any{"status": status, "detail": detail}
}

// awaitSuccess is the provider's wait: it asks for the status of all, until the time is over or one has failed.
func awaitSuccess(id string, limit time.Duration, results map[string]any) error {
	state, detail := "Success", ""
	if len(results) == 0 {
		state = "Pending"
	}
	for _, instance := range slices.Sorted(maps.Keys(results)) {
		if one := simcloud.Properties(results).Object(instance); one.Text("status") != "Success" && state != "Failed" {
			state, detail = one.Text("status"), fmt.Sprintf(" on %s: %s", instance, one.Text("detail"))
		}
	}
	switch state {
	case "Success":
		return nil
	case "Failed":
		return fmt.Errorf("waiting for SSM Association (%s) create: unexpected state 'Failed', wanted target 'Success'%s", id, detail)
	}
	return fmt.Errorf("waiting for SSM Association (%s) create: timeout while waiting for state to become 'Success' (last state: '%s', timeout: %s)%s", id, state, limit, detail)
}
