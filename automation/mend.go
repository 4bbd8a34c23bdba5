package automation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// mend finds out what became of resources whose creation was cut off: the engine only warns of them, and a second
// creation of what exists fails or makes a duplicate. Those that exist are taken into the state with what was asked for,
// the others are forgotten. (The engine's own import would take the cloud's words for what was asked for, and so replace
// what the program's words do not match; its --import-pending-creates forgets them all, in v3.230.)
func (op *operation) mend(ctx context.Context) error {
	if op.first || op.stack.Program.Find == nil && op.stack.Program.RunFirst == nil {
		return nil
	}
	exported, err := op.export(ctx)
	if err != nil {
		return err
	}
	op.blank, op.failed = exported.blank(), exported.failed()
	if op.stack.Program.Find == nil || !exported.creating() {
		return nil
	}
	cutOff := exported.cutOff()
	found := map[string]*Found{}
	if len(cutOff) > 0 {
		op.tracker.progress(&Phase{Name: "looking up what was being created: " + op.labels(cutOff)})
		if found, err = op.find(cutOff); err != nil {
			return err
		}
	}
	if err := op.unchanged(ctx, exported); err != nil {
		return err
	}
	mended, err := exported.with(found)
	if err != nil {
		return err
	}
	if err := op.importState(mended); err != nil {
		return err
	}
	for _, r := range cutOff {
		outcome := " is not there"
		if found[string(r.URN)] != nil {
			outcome = " is there"
		}
		op.tracker.progress(&Phase{Name: op.label(r) + outcome})
	}
	return nil
}

// unchanged makes sure that nobody has worked on the stack since its state was exported: what another is creating now
// would look as if it were cut off. Whoever begins in the moment that is left is kept off by the engine's lock.
func (op *operation) unchanged(ctx context.Context, before export) error {
	now, err := op.export(ctx)
	if err != nil || bytes.Equal(now.text, before.text) {
		return err
	}
	return &Error{
		Kind: KindLocked,
		What: fmt.Sprintf("%s of stack %q cannot begin", op.name, op.stack.Identity.Stack),
		Why:  "another operation is working on it",
		Next: "wait for it, then " + op.again() + ", which names who works on it if it still does",
	}
}

func (op *operation) labels(resources []apitype.ResourceV3) string {
	labels := make([]string, len(resources))
	for i, r := range resources {
		labels[i] = op.label(r)
	}
	return strings.Join(labels, ", ")
}

func (op *operation) label(r apitype.ResourceV3) string {
	return nameResource(string(r.URN), false, op.stack.Program.Label).Label
}

// find asks the program, which asks the cloud, for resources by URN.
func (op *operation) find(resources []apitype.ResourceV3) (map[string]*Found, error) {
	found := map[string]*Found{}
	refused, err := op.consult(func(ctx *pulumi.Context) error {
		for _, r := range resources {
			one, err := op.stack.Program.Find(ctx, r)
			if err != nil {
				return fmt.Errorf("%s: %w", op.label(r), err)
			}
			found[string(r.URN)] = one
		}
		return nil
	})
	if refused != nil {
		return nil, &Error{
			Kind: KindResource, Err: refused,
			What: fmt.Sprintf("%s of stack %q cannot begin", op.name, op.stack.Identity.Stack),
			Why:  "what was being created when an operation was killed cannot be looked up: " + refused.Error(),
			Next: "correct the cause, then " + op.again() + " continues",
		}
	}
	return found, err
}

// consult runs something that asks the cloud, in the place of the program, in a preview of whose steps nobody is told. It
// returns apart how that failed, and how the engine did before it ran.
func (op *operation) consult(ask pulumi.RunFunc) (refused, err error) {
	answered := false
	consultation := op.aside()
	consultation.run = func(ctx *pulumi.Context) error {
		err := ask(ctx)
		answered = err == nil
		return err
	}
	previewed := op.command.previewsOnly
	op.command.previewsOnly = true
	defer func() { op.command.previewsOnly = previewed }()
	err = consultation.follow(func(ctx context.Context, op *operation, stack auto.Stack, stream chan<- events.EngineEvent) error {
		_, err := op.update(ctx, stack, stream)
		return err
	})
	_, failed := consultation.guard.failure()
	switch {
	case answered:
		// A program that registers nothing would delete everything, which the engine refuses of what is protected.
		return nil, nil
	case failed != nil:
		return failed, nil
	case err == nil:
		err = &Error{Kind: KindEngine, What: "the Pulumi CLI ended without running the program", Next: "try again"}
	}
	return nil, err
}

// aside is the same operation for another use of the engine within it, of whose steps nobody is told.
func (op *operation) aside() *operation {
	other := *op
	other.guard, other.tracker = &guard{}, newTracker(op.stack.Program.Label, nil, op.tracker.now)
	return &other
}

// importState writes the stack's state. The CLI reads it from its input: a file would outlive a kill.
func (op *operation) importState(text []byte) error {
	_, _, _, err := op.command.Run(context.Background(), op.dir, bytes.NewReader(text), nil, nil, nil,
		"stack", "import", "--stack", op.stackName())
	return err
}

// blank tells whether nothing of the stack can exist in the cloud.
func (e export) blank() bool {
	return !slices.ContainsFunc(e.typed.Resources, inCloud) &&
		!slices.ContainsFunc(e.typed.PendingOperations, func(o apitype.OperationV2) bool { return inCloud(o.Resource) })
}

// inCloud tells whether a resource is more than an entry in the state, as components, the stack itself and its providers are.
func inCloud(r apitype.ResourceV3) bool {
	return !Resource{Type: string(r.Type), Component: !r.Custom}.Incidental()
}

// failed are the resources of which the engine knows that something about them failed.
func (e export) failed() (failed []apitype.ResourceV3) {
	for _, r := range e.typed.Resources {
		if len(r.InitErrors) > 0 && inCloud(r) && !r.Delete {
			failed = append(failed, r)
		}
	}
	return failed
}

// creating tells whether the creation of anything began and did not end.
func (e export) creating() bool {
	return slices.ContainsFunc(e.typed.PendingOperations, func(o apitype.OperationV2) bool {
		return o.Type == apitype.OperationTypeCreating
	})
}

// cutOff are the resources of the cloud whose creation began and did not end.
func (e export) cutOff() []apitype.ResourceV3 {
	var resources []apitype.ResourceV3
	for _, pending := range e.typed.PendingOperations {
		if pending.Type == apitype.OperationTypeCreating && inCloud(pending.Resource) {
			resources = append(resources, pending.Resource)
		}
	}
	return resources
}

// with is the export, to the letter, with what was found instead of what was pending.
func (e export) with(found map[string]*Found) ([]byte, error) {
	var whole map[string]any
	decoder := json.NewDecoder(bytes.NewReader(e.text))
	decoder.UseNumber()
	if err := decoder.Decode(&whole); err != nil {
		return nil, err
	}
	deployment, _ := whole["deployment"].(map[string]any)
	resources, _ := deployment["resources"].([]any)
	pending, _ := deployment["pending_operations"].([]any)
	for _, p := range pending {
		operation, _ := p.(map[string]any)
		resource, _ := operation["resource"].(map[string]any)
		urn, _ := resource["urn"].(string)
		if found := found[urn]; operation["type"] == string(apitype.OperationTypeCreating) && found != nil {
			resource["id"], resource["outputs"] = found.ID, found.Outputs
			if found.Unfinished != "" {
				resource["initErrors"] = []string{found.Unfinished} // so that the next update goes over it
			}
			resources = inserted(resources, resource)
		}
	}
	deployment["resources"] = resources
	delete(deployment, "pending_operations")
	return json.Marshal(whole)
}

// inserted puts a resource that was created into the state: after all others, or in the place of the one that it replaces,
// because what depends on it comes later. Of that one nothing is left if it was deleted first; else it is still to be. What
// another operation has created since, and so is in the state, stays as it is: the engine keeps telling of the creation.
func inserted(resources []any, created map[string]any) []any {
	at := slices.IndexFunc(resources, func(other any) bool {
		resource, _ := other.(map[string]any)
		return resource["urn"] == created["urn"] && resource["delete"] != true
	})
	if at < 0 {
		return append(resources, created)
	}
	replaced, _ := resources[at].(map[string]any)
	if replaced["pendingReplacement"] == true {
		resources[at] = created
		return resources
	}
	if replaced["id"] == created["id"] {
		return resources
	}
	replaced["delete"] = true
	return slices.Insert(resources, at, any(created))
}
