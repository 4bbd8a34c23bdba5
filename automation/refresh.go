package automation

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Drift is one resource that is in the cloud otherwise than the stack's state says.
type Drift struct {
	Resource Resource `json:"resource"`
	Gone     bool     `json:"gone,omitempty"`
	// Properties that differ, by path.
	Properties []PropertyDrift `json:"properties,omitempty"`
}

// PropertyDrift is one property that differs. Nil is for one that is not there; secrets are not shown.
type PropertyDrift struct {
	Path string `json:"path"`
	// In names the part of the resource that the property is of, like a load balancer's rule, where the cloud names parts.
	In    string `json:"in,omitempty"`
	State any    `json:"state"`
	Cloud any    `json:"cloud"`
}

// RefreshResult is what a refresh found.
type RefreshResult struct {
	Drift    []Drift       `json:"drift"` // in the order of the state
	Duration time.Duration `json:"-"`
}

// PlanRefresh looks at everything the stack has in the cloud and says what differs from its state. Nothing is changed.
func (s *Stack) PlanRefresh(ctx context.Context, progress Progress) (RefreshResult, error) {
	return s.refresh(ctx, progress, false)
}

// Refresh is PlanRefresh that also makes the state say what the cloud has. The cloud is not touched: the next Up takes it
// back to what is configured.
func (s *Stack) Refresh(ctx context.Context, progress Progress) (RefreshResult, error) {
	return s.refresh(ctx, progress, true)
}

func (s *Stack) refresh(ctx context.Context, progress Progress, apply bool) (RefreshResult, error) {
	began := time.Now()
	op, err := s.operate(ctx, "refresh", progress, false,
		func(background context.Context, op *operation, stack auto.Stack, stream chan<- events.EngineEvent) error {
			op.tracker.refreshes, op.tracker.theirs = true, s.Program.theirs
			if op.command.previewsOnly = !apply; apply {
				if err := op.beginChanging(ctx); err != nil {
					return err
				}
			}
			_, err := stack.Refresh(background, optrefresh.EventStreams(stream), optrefresh.Color("never"), optrefresh.SuppressProgress())
			return err
		})
	if err != nil {
		return RefreshResult{}, err
	}
	return RefreshResult{Drift: slices.Concat([]Drift{}, op.tracker.drift), Duration: time.Since(began)}, nil
}

// drifted is what the end of a refreshing step says of its resource, if anything.
func (t *tracker) drifted(m apitype.StepEventMetadata) (Drift, bool) {
	switch m.Op {
	case apitype.OpDelete:
		return Drift{Resource: t.resource(m), Gone: true}, true
	case apitype.OpUpdate:
		drift := Drift{Resource: t.resource(m), Properties: properties(m)}
		if t.theirs == nil || len(drift.Properties) == 0 {
			return drift, true
		}
		drift.Properties = slices.DeleteFunc(drift.Properties, func(p PropertyDrift) bool { return t.theirs(drift.Resource, p.Path) })
		return drift, len(drift.Properties) > 0
	}
	return Drift{}, false
}

func properties(m apitype.StepEventMetadata) []PropertyDrift {
	if m.Old == nil || m.New == nil {
		return nil
	}
	var drift []PropertyDrift
	for _, path := range slices.Sorted(maps.Keys(m.DetailedDiff)) {
		was, is := m.Old.Outputs, m.New.Outputs
		if m.DetailedDiff[path].InputDiff {
			was, is = m.Old.Inputs, m.New.Inputs
		}
		state, name := at(was, path)
		cloud, sameName := at(is, path)
		if name == "" {
			name = sameName
		}
		drift = append(drift, PropertyDrift{Path: path, In: name, State: state, Cloud: cloud})
	}
	if drift != nil {
		return drift
	}
	for _, key := range slices.Sorted(maps.Keys(m.New.Outputs)) {
		if was, is := m.Old.Outputs[key], m.New.Outputs[key]; !reflect.DeepEqual(was, is) {
			drift = append(drift, PropertyDrift{Path: key, State: was, Cloud: is})
		}
	}
	return drift
}

// at is the value at a property path, nil where there is none, and the name of the last named element of a list on the way.
func at(properties map[string]any, path string) (value any, name string) {
	keys, err := resource.ParsePropertyPath(path)
	if err != nil {
		return nil, ""
	}
	value = properties
	for _, key := range keys {
		switch key := key.(type) {
		case string:
			members, _ := value.(map[string]any)
			value = members[key]
		case int:
			items, _ := value.([]any)
			if key < 0 || key >= len(items) {
				return nil, name
			}
			value = items[key]
			if members, ok := value.(map[string]any); ok {
				if own, ok := members["name"].(string); ok {
					name = own
				}
			}
		}
	}
	return value, name
}
