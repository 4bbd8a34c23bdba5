package automation

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// tracker turns the engine's events into ours, and keeps what results and errors are made of.
type tracker struct {
	label    func(Resource) string
	theirs   func(r Resource, path string) bool // of Program
	progress Progress
	now      func() time.Time

	began      map[string]time.Time // by URN and operation
	fetched    map[string]bool      // plugins, by what is done to them
	heard      bool                 // an event of the engine has come
	planned    []Change
	registered []Planned
	replaced   map[string]bool // by URN, in this plan or operation
	outlived   []Change        // deletes of what a replacement left: this one's, or an interrupted one's
	outputs    map[string]any  // of the stack, once the program has given them
	earlier    map[string]any  // those of before
	warnings   []Diagnostic
	errors     []Diagnostic
	forbidden  bool // a mandatory policy was violated
	failed     bool
	summary    *apitype.SummaryEvent

	refreshes bool // the operation compares the cloud with the state
	drift     []Drift
}

func newTracker(label func(Resource) string, progress Progress, now func() time.Time) *tracker {
	if progress == nil {
		progress = func(Event) {}
	}
	return &tracker{
		label: label, progress: progress, now: now, began: map[string]time.Time{}, fetched: map[string]bool{},
		replaced: map[string]bool{},
	}
}

// follow reads events until the stream closes or the operation has ended. The stream of a CLI that dies before it
// connects never closes. When the operation has ended, every event was received: the stream is unbuffered.
func (t *tracker) follow(stream <-chan events.EngineEvent, ended <-chan struct{}) {
	for {
		select {
		case event, open := <-stream:
			if !open {
				return
			}
			if event.Error == nil {
				t.take(event.EngineEvent)
			}
		case <-ended:
			return
		}
	}
}

func (t *tracker) take(event apitype.EngineEvent) {
	t.heard = true
	switch {
	case event.ResourcePreEvent != nil:
		e := event.ResourcePreEvent
		if root := e.Metadata.Old; root != nil && e.Metadata.Type == stackType {
			t.earlier = root.Outputs
		}
		t.begin(e.Metadata, e.Planning)
	case event.ResOutputsEvent != nil:
		e := event.ResOutputsEvent
		if t.refreshes {
			if drift, differs := t.drifted(e.Metadata); differs {
				t.drift = append(t.drift, drift)
			}
			e.Metadata.Op = apitype.OpRefresh // which it began as; it ends as what it found
		}
		if root := e.Metadata.New; root != nil && !e.Planning && e.Metadata.Type == stackType {
			t.outputs = root.Outputs
		}
		if !e.Planning {
			t.end(e.Metadata, StateDone)
		}
	case event.ResOpFailedEvent != nil:
		t.end(event.ResOpFailedEvent.Metadata, StateFailed)
	case event.DiagnosticEvent != nil:
		t.diagnose(*event.DiagnosticEvent)
	case event.PolicyEvent != nil:
		t.violate(*event.PolicyEvent)
	case event.ErrorEvent != nil:
		t.diagnose(apitype.DiagnosticEvent{Severity: "error", Message: event.ErrorEvent.Error})
	case event.ProgressEvent != nil:
		t.fetch(*event.ProgressEvent)
	case event.SummaryEvent != nil:
		t.summary = event.SummaryEvent
	}
}

// stackType is of the resource that stands for the stack.
const stackType = "pulumi:pulumi:Stack"

// logical steps stand for a whole replacement, whose parts have steps of their own.
func logical(op apitype.OpType) bool { return op == apitype.OpReplace }

func (t *tracker) begin(m apitype.StepEventMetadata, planning bool) {
	resource := t.resource(m)
	switch {
	case m.Op == apitype.OpDeleteReplaced:
		t.outlived = append(t.outlived, Change{Resource: resource, Action: ActionDelete})
	case action(m.Op) == ActionReplace:
		t.replaced[m.URN] = true
	}
	if planning {
		if change, ok := planned(m); ok {
			change.Resource = resource
			t.planned = append(t.planned, change)
		}
		if p, ok := registered(m); ok {
			t.registered = append(t.registered, p)
		}
		return
	}
	if logical(m.Op) {
		return
	}
	t.began[m.URN+string(m.Op)] = t.now()
	t.progress(&Step{Resource: resource, Action: action(m.Op), State: StateRunning, Changed: changed(m)})
}

func (t *tracker) end(m apitype.StepEventMetadata, state State) {
	began, running := t.began[m.URN+string(m.Op)]
	if !running {
		// The stack resource reports its outputs a second time.
		return
	}
	delete(t.began, m.URN+string(m.Op))
	t.failed = t.failed || state == StateFailed
	t.progress(&Step{
		Resource: t.resource(m), Action: action(m.Op), State: state,
		Duration: t.now().Sub(began), Changed: changed(m),
	})
}

// diagnose takes lasting messages only: ephemeral ones are the engine's own progress, debug ones nobody asked for.
func (t *tracker) diagnose(e apitype.DiagnosticEvent) {
	message := strings.TrimSpace(colors.Never.Colorize(e.Message))
	if e.Ephemeral || message == "" {
		return
	}
	d := Diagnostic{Message: message}
	switch e.Severity {
	case "error":
		d.Severity = SeverityError
	case "warning":
		d.Severity = SeverityWarning
	case "info", "info#err":
		d.Severity = SeverityInfo
	default:
		return
	}
	if e.URN != "" && typeOf(e.URN) != stackType {
		resource := t.named(e.URN, false)
		d.Resource = &resource
	}
	switch d.Severity {
	case SeverityError:
		t.errors = append(t.errors, d)
	case SeverityWarning:
		t.warnings = append(t.warnings, d)
	}
	t.progress(&d)
}

// violate takes what a policy pack says of a resource: an error if it is mandatory.
func (t *tracker) violate(e apitype.PolicyEvent) {
	d := apitype.DiagnosticEvent{
		URN: e.ResourceURN, Severity: "warning",
		Message: fmt.Sprintf("policy %s of %s: %s", e.PolicyName, e.PolicyPackName, e.Message),
	}
	if e.EnforcementLevel == "mandatory" {
		d.Severity, t.forbidden = "error", true
	}
	t.diagnose(d)
}

// fetch tells once of each plugin that is downloaded or installed: it takes minutes and comes before all else.
func (t *tracker) fetch(e apitype.ProgressEvent) {
	if key := string(e.Type) + e.ID; !t.fetched[key] {
		t.fetched[key] = true
		t.progress(&Phase{Name: e.Message})
	}
}

// resourceFailed tells a failed step or an error about a resource, as a refused property is, from the program's errors.
func (t *tracker) resourceFailed() bool {
	return t.failed || slices.ContainsFunc(t.errors, func(d Diagnostic) bool { return d.Resource != nil })
}

// planned is what a preview's step says of its resource, if anything: of a replacement only the whole, and nothing
// of what stays.
func planned(m apitype.StepEventMetadata) (Change, bool) {
	switch m.Op {
	case apitype.OpCreate, apitype.OpUpdate, apitype.OpReplace, apitype.OpDelete, apitype.OpImport:
		return Change{Action: action(m.Op), Changed: changed(m)}, true
	}
	return Change{}, false
}

// leftovers are the deletes of what an interrupted replacement left. The engine counts them no more than those that are
// part of a replacement.
func (t *tracker) leftovers() []Change {
	return slices.DeleteFunc(slices.Clone(t.outlived), func(c Change) bool { return t.replaced[c.Resource.URN] })
}

// changes are those a preview has planned.
func (t *tracker) changes() []Change { return slices.Concat([]Change{}, t.planned, t.leftovers()) }

// counted are the resources of an operation by action.
func (t *tracker) counted() map[Action]int {
	counts := map[Action]int{}
	if t.summary == nil {
		return counts
	}
	for op, count := range t.summary.ResourceChanges {
		counts[action(op)] += count
	}
	if left := len(t.leftovers()); left > 0 {
		counts[ActionDelete] += left
	}
	return counts
}

func action(op apitype.OpType) Action {
	switch op {
	case apitype.OpCreate, apitype.OpImport:
		return ActionCreate
	case apitype.OpUpdate:
		return ActionUpdate
	case apitype.OpReplace, apitype.OpCreateReplacement, apitype.OpImportReplacement:
		return ActionReplace
	case apitype.OpDelete, apitype.OpDeleteReplaced:
		return ActionDelete
	case apitype.OpRead, apitype.OpReadReplacement:
		return ActionRead
	case apitype.OpRefresh:
		return ActionRefresh
	}
	return ActionSame
}

func changed(m apitype.StepEventMetadata) []string {
	if m.Op != apitype.OpUpdate && action(m.Op) != ActionReplace {
		return nil
	}
	paths := make([]string, 0, len(m.DetailedDiff))
	for path := range m.DetailedDiff {
		paths = append(paths, path)
	}
	if len(paths) == 0 {
		paths = append(paths, m.Diffs...)
	}
	sort.Strings(paths)
	return paths
}
