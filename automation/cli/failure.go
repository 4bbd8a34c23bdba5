package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// failure is the JSON document of a command that failed.
type failure struct {
	Error failureError `json:"error"`
	Code  int          `json:"exitCode"`
}

type failureError struct {
	Kind     string    `json:"kind"`
	What     string    `json:"what"`
	Why      string    `json:"why,omitempty"`
	Next     string    `json:"next,omitempty"`
	Problems []problem `json:"problems,omitempty"`
}

// fail prints an error, here and nowhere else, and returns the exit code.
func (a *app) fail(err error) int {
	var known *automation.Error
	if !errors.As(err, &known) {
		known = &automation.Error{What: err.Error(), Err: err}
		// Cobra says so of a misspelt command, in no type of its own.
		if strings.HasPrefix(known.What, "unknown command") {
			known.Kind, known.Next = automation.KindConfiguration, "see kafkalink --help"
		}
	}
	code := exitCode(known)
	fmt.Fprint(a.options.Err, errorText(known, a.paint(a.options.Err)))
	if a.flags.json && !errors.Is(err, errReported) {
		document := failure{Code: code, Error: failureError{
			Kind: known.Kind.String(), What: known.What, Why: known.Why, Next: known.Next,
		}}
		var invalid *kafka.InvalidError
		if errors.As(err, &invalid) {
			document.Error.Problems = problems(invalid.Errors)
		}
		if err := a.document(document); err != nil {
			fmt.Fprintln(a.options.Err, err)
		}
	}
	return code
}

// errReported marks an error whose JSON document is already written.
var errReported = errors.New("reported")

func errorText(e *automation.Error, paint paint) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n", paint.bad("Error:"), e.What)
	if e.Why != "" {
		fmt.Fprintf(&text, "\n%s\n", indent(e.Why))
	}
	if e.Next != "" {
		fmt.Fprintf(&text, "\n%s %s\n", paint.strong("Next:"), e.Next)
	}
	return text.String()
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

func exitCode(e *automation.Error) int {
	switch e.Kind {
	case automation.KindConfiguration:
		return cmdutil.ExitConfigurationError
	case automation.KindLogin:
		return cmdutil.ExitAuthenticationError
	case automation.KindResource:
		return cmdutil.ExitResourceError
	case automation.KindPolicy:
		return cmdutil.ExitPolicyViolation
	case automation.KindStackNotFound:
		return cmdutil.ExitStackNotFound
	case automation.KindCancelled, automation.KindKilled:
		return cmdutil.ExitCancelled
	}
	if errors.Is(e, context.Canceled) {
		return cmdutil.ExitCancelled
	}
	return cmdutil.ExitCodeError
}
