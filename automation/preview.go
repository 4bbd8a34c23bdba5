package automation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Change is what a preview plans for one resource.
type Change struct {
	Resource Resource `json:"resource"`
	Action   Action   `json:"action"`
	Changed  []string `json:"changed,omitempty"` // property paths
}

// PreviewResult is what an up would do.
type PreviewResult struct {
	Cluster   *kafka.Cluster `json:"-"`
	Changes   []Change       `json:"changes"` // without what stays the same, in the engine's order
	Unchanged int            `json:"unchanged"`
	Restarts  []int          `json:"restarts"` // ids of the nodes that restart, in the order they do
	CutOff    []CutOff       `json:"cutOff,omitempty"`
	Warnings  []Diagnostic   `json:"warnings,omitempty"`
	Diff      string         `json:"diff"` // the engine's own account, property by property
}

// Preview asks the engine what an up would do. An invalid configuration fails before the engine starts.
func (s *Stack) Preview(ctx context.Context, progress Progress) (PreviewResult, error) {
	return s.preview(ctx, progress)
}

// Drift asks the engine what an up would do that looks at the cloud first: it mends what others have changed there, but for what
// is theirs. The state is left as it is.
func (s *Stack) Drift(ctx context.Context, progress Progress) (PreviewResult, error) {
	result, err := s.preview(ctx, progress, optup.Refresh())
	result.Changes = slices.DeleteFunc(result.Changes, func(c Change) bool {
		return c.Action == ActionUpdate && len(c.Changed) > 0 && !slices.ContainsFunc(c.Changed, func(path string) bool { return !s.Program.theirs(c.Resource, path) })
	})
	return result, err
}

func (s *Stack) preview(ctx context.Context, progress Progress, options ...optup.Option) (PreviewResult, error) {
	cluster, err := s.valid()
	if err != nil {
		return PreviewResult{}, err
	}
	var diff string
	op, err := s.operate(ctx, "preview", progress, true,
		func(ctx context.Context, op *operation, stack auto.Stack, stream chan<- events.EngineEvent) error {
			// Stack.Preview itself leaves a goroutine behind when the CLI fails before it connects.
			op.command.previewsOnly = true
			result, err := op.update(ctx, stack, stream, append(options, optup.Diff())...)
			diff = result.StdOut
			return err
		})
	if err != nil {
		return PreviewResult{}, err
	}
	if op.tracker.summary == nil {
		return PreviewResult{}, &Error{
			Kind: KindEngine,
			What: fmt.Sprintf("preview of stack %q failed", s.Identity.Stack),
			Why:  "the Pulumi CLI ended without saying what would change",
			Next: "try again; check that " + s.options.Engine.Path + " is a Pulumi CLI",
		}
	}
	changes := op.tracker.changes()
	return PreviewResult{
		Cluster:   cluster,
		Changes:   changes,
		Unchanged: op.tracker.summary.ResourceChanges[apitype.OpSame],
		Restarts:  restarts(cluster, changes, s.Program.Restarts),
		CutOff:    cutOffs(op.tracker.earlier, cluster),
		Warnings:  op.tracker.warnings,
		Diff:      withoutTitle(diff),
	}, nil
}

// Summarize counts changes by what is done, like "6 to create, 1 to replace"; "" if nothing is. It leaves out incidental
// resources.
func Summarize(changes []Change) string {
	counts := map[Action]int{}
	for _, c := range changes {
		if !c.Resource.Incidental() {
			counts[c.Action]++
		}
	}
	var parts []string
	for _, action := range []Action{ActionCreate, ActionUpdate, ActionReplace, ActionDelete} {
		if counts[action] > 0 {
			parts = append(parts, fmt.Sprintf("%d to %s", counts[action], action))
		}
	}
	return strings.Join(parts, ", ")
}

func withoutTitle(diff string) string {
	title, rest, _ := strings.Cut(strings.TrimSpace(diff), "\n")
	if strings.HasPrefix(title, "Previewing ") {
		return strings.TrimRight(rest, "\n")
	}
	return strings.TrimSpace(diff)
}

// restarts are the nodes that the changes restart. A node that is only being created does not restart.
func restarts(cluster *kafka.Cluster, changes []Change, of func(Change) (int, bool)) []int {
	ids := []int{}
	if of == nil {
		return ids
	}
	hit := map[int]bool{}
	for _, change := range changes {
		if change.Action != ActionUpdate && change.Action != ActionReplace {
			continue
		}
		if id, ok := of(change); ok {
			hit[id] = true
		}
	}
	for _, node := range cluster.RestartOrder() {
		if hit[node.ID] {
			ids = append(ids, node.ID)
		}
	}
	return ids
}
