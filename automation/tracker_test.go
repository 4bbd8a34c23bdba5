package automation

import (
	"errors"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
)

func step(op apitype.OpType, name string) apitype.StepEventMetadata {
	return apitype.StepEventMetadata{
		Op: op, URN: "urn:pulumi:dev::house::cloud:x:Machine::" + name, Type: "cloud:x:Machine",
		New: &apitype.StepEventStateMetadata{Custom: true},
	}
}

// clock gives a second more each time.
func clock() func() time.Time {
	now := time.Unix(0, 0)
	return func() time.Time { now = now.Add(time.Second); return now }
}

func TestAReplacementIsACreateAndADelete(t *testing.T) {
	t.Parallel()
	type seen struct {
		action Action
		state  State
		took   time.Duration
	}
	var got []seen
	tracker := newTracker(nil, func(e Event) {
		s := e.(*Step)
		got = append(got, seen{s.Action, s.State, s.Duration})
	}, clock())
	for _, op := range []apitype.OpType{apitype.OpDeleteReplaced, apitype.OpReplace, apitype.OpCreateReplacement} {
		tracker.take(apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: step(op, "m")}})
		tracker.take(apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: step(op, "m")}})
	}

	require.Equal(t, []seen{
		{ActionDelete, StateRunning, 0}, {ActionDelete, StateDone, time.Second},
		{ActionReplace, StateRunning, 0}, {ActionReplace, StateDone, time.Second},
	}, got)
}

func TestAPreviewPlansAReplacementOnce(t *testing.T) {
	t.Parallel()
	tracker := newTracker(nil, nil, clock())
	for _, op := range []apitype.OpType{apitype.OpSame, apitype.OpDeleteReplaced, apitype.OpReplace, apitype.OpCreateReplacement} {
		m := step(op, "m")
		m.DetailedDiff = map[string]apitype.PropertyDiff{"zones": {}, "image.id": {}}
		tracker.take(apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: m, Planning: true}})
	}

	require.Len(t, tracker.changes(), 1)
	require.Equal(t, ActionReplace, tracker.changes()[0].Action)
	require.Equal(t, []string{"image.id", "zones"}, tracker.changes()[0].Changed)
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	const machine = "urn:pulumi:dev::house::cloud:x:Machine::m"
	cases := []struct {
		name  string
		event apitype.DiagnosticEvent
		want  *Diagnostic
	}{
		{"an error, without its colours", apitype.DiagnosticEvent{URN: machine, Severity: "error", Message: "<{%fg 1%}>quota<{%reset%}>\n"},
			&Diagnostic{Severity: SeverityError, Message: "quota", Resource: &Resource{URN: machine, Type: "cloud:x:Machine", Name: "m", Label: "machine m"}}},
		{"the stack's is about the whole", apitype.DiagnosticEvent{URN: "urn:pulumi:dev::house::pulumi:pulumi:Stack::house-dev", Severity: "warning", Message: "w"},
			&Diagnostic{Severity: SeverityWarning, Message: "w"}},
		{"what the program prints", apitype.DiagnosticEvent{Severity: "info#err", Message: "i"}, &Diagnostic{Severity: SeverityInfo, Message: "i"}},
		{"the engine's passing remarks are dropped", apitype.DiagnosticEvent{Severity: "info", Message: "i", Ephemeral: true}, nil},
		{"debug messages are dropped", apitype.DiagnosticEvent{Severity: "debug", Message: "d"}, nil},
		{"empty ones are dropped", apitype.DiagnosticEvent{Severity: "error", Message: "<{%reset%}>\n"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got *Diagnostic
			tracker := newTracker(nil, func(e Event) { got = e.(*Diagnostic) }, clock())
			tracker.take(apitype.EngineEvent{DiagnosticEvent: &c.event})
			require.Equal(t, c.want, got)
		})
	}
}

// A CLI that dies before it connects leaves its event stream open.
func TestFollowingEndsWithTheOperation(t *testing.T) {
	t.Parallel()
	tracker := newTracker(nil, nil, clock())
	ended := make(chan struct{})
	close(ended)

	tracker.follow(make(chan events.EngineEvent), ended)
}

func TestAPluginIsToldOfOnce(t *testing.T) {
	t.Parallel()
	var phases []string
	tracker := newTracker(nil, func(e Event) { phases = append(phases, e.(*Phase).Name) }, clock())
	for _, received := range []int64{0, 10, 20} {
		tracker.take(apitype.EngineEvent{ProgressEvent: &apitype.ProgressEvent{
			Type: apitype.PluginDownload, ID: "aws", Message: "Downloading plugin aws", Completed: received,
		}})
	}

	require.Equal(t, []string{"Downloading plugin aws"}, phases)
}

func TestWhatTheProgramRegistersIsKeptWithWhatItWas(t *testing.T) {
	t.Parallel()
	state := func(inputs map[string]any) *apitype.StepEventStateMetadata {
		return &apitype.StepEventStateMetadata{Custom: true, Inputs: inputs}
	}
	was, is := map[string]any{"size": "small"}, map[string]any{"size": "large"}
	tracked := newTracker(nil, nil, time.Now)
	for _, m := range []apitype.StepEventMetadata{
		{Op: apitype.OpCreate, Type: "t:m:Create", New: state(is)},
		{Op: apitype.OpUpdate, Type: "t:m:Update", Old: state(was), New: state(is)},
		{Op: apitype.OpSame, Type: "t:m:Same", Old: state(was), New: state(was)},
		{Op: apitype.OpDeleteReplaced, Type: "t:m:Replace", Old: state(was)},
		{Op: apitype.OpReplace, Type: "t:m:Replace", Old: state(was), New: state(is)},
		{Op: apitype.OpCreateReplacement, Type: "t:m:Replace", Old: state(was), New: state(is)},
		{Op: apitype.OpDelete, Type: "t:m:Delete", Old: state(was)},
		{Op: apitype.OpCreate, Type: "t:m:Component", New: &apitype.StepEventStateMetadata{}},
	} {
		m.URN = "urn:pulumi:dev::house::" + m.Type + "::name"
		tracked.take(apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: m, Planning: true}})
	}
	require.Equal(t, []Planned{
		{Type: "t:m:Create", Inputs: is},
		{Type: "t:m:Update", Inputs: is, Was: was, Stays: true},
		{Type: "t:m:Same", Inputs: was, Was: was, Stays: true},
		{Type: "t:m:Replace", Inputs: is, Was: was},
	}, tracked.registered)
}

func TestAMandatoryPolicyForbids(t *testing.T) {
	t.Parallel()
	violation := apitype.PolicyEvent{
		ResourceURN: "urn:pulumi:dev::house::cloud:x:Machine::m", PolicyName: "no-large-machines", PolicyPackName: "acme",
		Message: "m is large", EnforcementLevel: "advisory",
	}
	tracked := newTracker(nil, nil, time.Now)
	tracked.take(apitype.EngineEvent{PolicyEvent: &violation})
	require.False(t, tracked.forbidden)
	require.Equal(t, "policy no-large-machines of acme: m is large", tracked.warnings[0].Message)

	violation.EnforcementLevel = "mandatory"
	tracked.take(apitype.EngineEvent{PolicyEvent: &violation})
	op := operation{name: "up", stack: &Stack{}, command: &command{}, tracker: tracked, guard: &guard{}}
	var known *Error
	require.ErrorAs(t, op.explain(t.Context(), errors.New("exit status 5")), &known)
	require.Equal(t, KindPolicy, known.Kind)
	require.Equal(t, "machine m: policy no-large-machines of acme: m is large", known.Why)
}
