package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/cli"
	"github.com/kafkalink/kafkalink/automation/internal/enginetest"
	"github.com/kafkalink/kafkalink/automation/rehearsal"
)

// scripted rehearses nothing: it gives a report and an error.
type scripted struct {
	report  *rehearsal.Report
	err     error
	request rehearsal.Request
	left    []string
	lacks   error  // what the machine does
	before  func() // what happens when it begins
}

func (s *scripted) Rehearse(ctx context.Context, request rehearsal.Request) (*rehearsal.Report, error) {
	s.request = request
	if s.before != nil {
		s.before()
	}
	request.Progress(&automation.Phase{Name: "deploying for show"})
	if request.Keep != nil {
		s.report.Kept = []rehearsal.Instruction{{Does: "a shell", Command: "nsenter"}}
		if err := request.Keep(ctx, s.report); err != nil {
			return s.report, err
		}
	}
	return s.report, s.err
}

func (s *scripted) Drills() []rehearsal.DrillInfo {
	return []rehearsal.DrillInfo{{Name: "swapped-rules", Does: "swap two ports"}}
}

func (s *scripted) Possible() error { return s.lacks }

func (s *scripted) Clean(context.Context) ([]string, error) { return s.left, nil }

func rehearsing(t *testing.T, ctx context.Context, r rehearsal.Rehearser, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(ctx, cli.Options{
		Programs: []automation.Program{enginetest.Program()}, Rehearser: r,
		Args: append([]string{"--cwd", enginetest.Project(t, enginetest.Configuration), "rehearse"}, args...),
		Env:  append(os.Environ(), "KAFKALINK_PULUMI="+enginetest.Engine(t).Path),
		In:   &bytes.Buffer{}, Out: &out, Err: &errs,
	})
	return outcome{code, out.String(), errs.String()}
}

func TestRehearsePrintsTheReportAndWritesIt(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "report.md")
	s := &scripted{report: &rehearsal.Report{Stack: "house/dev", Passed: true, Phases: []rehearsal.Phase{{Name: "deploy", Passed: true}}}}

	o := rehearsing(t, t.Context(), s, "--drill", "swapped-rules", "--report", file)

	require.Zero(t, o.code, o.err)
	require.Contains(t, o.out, "deploying for show")
	require.Contains(t, o.out, "Rehearsal of house/dev on : passed")
	require.Equal(t, []string{"swapped-rules"}, s.request.Drills)
	require.Equal(t, "dev", s.request.Stack.Identity.Stack)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, s.report.Markdown(), string(written))
}

func TestARehearsalThatFindsSomethingWrongFails(t *testing.T) {
	t.Parallel()
	s := &scripted{report: &rehearsal.Report{
		Stack: "house/dev", Phases: []rehearsal.Phase{{Name: "check"}},
		Failure: &rehearsal.Failure{What: "port 9094 reaches broker 3", Guilty: "rule 2"},
	}}

	o := rehearsing(t, t.Context(), s, "--json")

	require.NotZero(t, o.code)
	require.Contains(t, o.err, "port 9094 reaches broker 3")
	var document rehearsal.Report
	require.NoError(t, json.Unmarshal([]byte(o.out), &document), "one JSON document: %s", o.out)
	require.Equal(t, "rule 2", document.Failure.Guilty)
}

func TestARehearsalIsKeptUntilInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	s := &scripted{
		before: interrupt,
		report: &rehearsal.Report{Stack: "house/dev", Passed: true, Phases: []rehearsal.Phase{{Name: "deploy", Passed: true}}},
		err:    &automation.Error{Kind: automation.KindCancelled, What: "the rehearsal was interrupted"},
	}

	o := rehearsing(t, ctx, s, "--keep")

	require.Zero(t, o.code, o.err)
	require.Contains(t, o.out, "# a shell\n  nsenter\n")
}

func TestCleanSaysWhatItRemoved(t *testing.T) {
	t.Parallel()
	require.Contains(t, rehearsing(t, t.Context(), &scripted{left: []string{"kl123456"}}, "clean").out, "removed kl123456")
	require.Contains(t, rehearsing(t, t.Context(), &scripted{}, "clean").out, "nothing was left behind")
}

func TestWhereNothingCanBeRehearsed(t *testing.T) {
	t.Parallel()
	o := rehearsing(t, t.Context(), nil)
	require.NotZero(t, o.code)
	require.Contains(t, o.err, "a rehearsal needs Linux")
	require.Contains(t, o.err, "kafkalink up --simulate")
}
