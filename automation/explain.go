package automation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
)

// explain turns the failure of an operation into an Error. The Automation API's own error holds all that the CLI
// printed (pulumi issue 6212); what went wrong is in the events. It classifies before wrapping, as the API's own
// classification fails on wrapped errors (24196).
func (op *operation) explain(ctx context.Context, err error) error {
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	what := fmt.Sprintf("%s of stack %q", op.name, op.stack.Identity.Stack)
	panicStack, programErr := op.guard.failure()
	switch {
	case op.command.killed && op.changes:
		return &Error{
			Kind: KindKilled, Err: err,
			What: what + " was stopped at once",
			Why:  "what was under way may exist in the cloud without being in the stack's state",
			Next: op.lookUp(),
		}
	case ctx.Err() != nil || op.command.killed:
		return &Error{
			Kind: KindCancelled, Err: errors.Join(ctx.Err(), err),
			What: what + " was interrupted",
			Why:  withDetails(op.ended(), op.diagnostics()),
			Next: op.finish(),
		}
	case panicStack != "":
		return &Error{
			Kind: KindProgram, Err: err,
			What: what + " failed",
			Why:  programErr.Error() + "\n" + panicStack,
			Next: "this is a bug in the program: report it with the lines above",
		}
	case op.stackMissing(err):
		return op.stack.notDeployed(err)
	case op.lockedOut(err):
		return &Error{
			Kind: KindLocked, Err: err,
			What: what + " cannot begin",
			Why:  holders(op.locks(err), op.said()),
			Next: "wait for it; if it runs no more, " + op.unlock(),
		}
	case op.stateDamaged():
		return &Error{
			Kind: KindState, Err: err,
			What: what + " cannot begin",
			Why:  "the stack's state cannot be read\n" + op.said(),
			Next: op.putBack(),
		}
	case strings.Contains(op.command.last.stderr, "blob (key "):
		return &Error{
			Kind: KindState, Err: err,
			What: what + " failed",
			Why:  "the stack's state cannot be kept\n" + op.said(),
			Next: "make it possible to write there, then " + op.again(),
		}
	case op.loginMissing():
		return &Error{
			Kind: KindLogin, Err: err,
			What: what + " cannot begin",
			Why:  op.said(),
			Next: "log in with `pulumi login`, and set PULUMI_CONFIG_PASSPHRASE if the stack's secrets have one; " +
				"or try without any account: " + op.stack.command("up", "--simulate"),
		}
	case op.tracker.forbidden:
		return &Error{Kind: KindPolicy, Err: err, What: what + " is forbidden", Why: op.diagnostics(), Next: op.proceed()}
	case op.tracker.resourceFailed():
		return &Error{Kind: KindResource, Err: err, What: what + " failed", Why: op.diagnostics(), Next: op.proceed()}
	case programErr != nil:
		return &Error{Kind: KindProgram, Err: programErr, What: what + " failed", Why: programErr.Error(), Next: op.proceed()}
	case len(op.tracker.errors) > 0:
		return &Error{Kind: KindProgram, Err: err, What: what + " failed", Why: op.diagnostics(), Next: op.proceed()}
	}
	return &Error{Kind: KindEngine, Err: err, What: what + " failed", Why: op.said()}
}

// stackMissing tells whether the backend does not know the stack.
func (op *operation) stackMissing(err error) bool {
	return err != nil && (auto.IsSelectStack404Error(err) || stackUnknown(op.command.last.code, op.command.last.stderr))
}

// stackUnknown tells from how the CLI ended that the backend does not know a stack.
func stackUnknown(code int, said string) bool {
	return code == cmdutil.ExitStackNotFound || strings.Contains(said, "no stack named")
}

func (op *operation) loginMissing() bool {
	said := op.command.last.stderr
	return notLoggedIn(op.command.last.code, said) ||
		strings.Contains(said, "passphrase must be set") ||
		strings.Contains(said, "incorrect passphrase")
}

// notLoggedIn tells from how the CLI ended that the backend does not know who is asking.
func notLoggedIn(code int, said string) bool {
	return code == cmdutil.ExitAuthenticationError || strings.Contains(said, "PULUMI_ACCESS_TOKEN must be set")
}

// stateDamaged tells whether the backend has a state that the CLI cannot read.
func (op *operation) stateDamaged() bool {
	return strings.Contains(op.command.last.stderr, "failed to load checkpoint")
}

// said is what the CLI wrote as its error, without its prefix.
func (op *operation) said() string {
	said := strings.TrimSpace(op.command.last.stderr)
	if said == "" {
		return fmt.Sprintf("the Pulumi CLI ended with exit code %d and said nothing", op.command.last.code)
	}
	return strings.TrimPrefix(said, "error: ")
}

// summing are messages by which the engine only sums up the others.
var summing = map[string]bool{"update failed": true, "preview failed": true, "destroy failed": true}

// diagnostics are the errors of the events, one a line, the resource's first.
func (op *operation) diagnostics() string {
	var lines []string
	seen := map[string]bool{}
	for _, d := range op.tracker.errors {
		line := op.withoutUnprotecting(d, withoutPreamble(d.Message))
		if summing[line] && len(op.tracker.errors) > 1 {
			continue
		}
		if d.Resource != nil {
			line = withDetails(d.Resource.Label+": "+line, op.advised(line))
		}
		if !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// advised is what to do about what the cloud said of a resource, or "".
func (op *operation) advised(said string) string {
	if op.stack.Program.Remedy == nil {
		return ""
	}
	return op.stack.Program.Remedy(said)
}

// withoutUnprotecting says of a protected resource that the configuration no longer has how that is meant to go: the engine
// says how to lift the protection, and the next up would delete the data.
func (op *operation) withoutUnprotecting(d Diagnostic, line string) string {
	if d.Resource == nil || !strings.Contains(line, "cannot be deleted\nbecause it is protected") {
		return line
	}
	line = "it is protected, and the configuration no longer has it"
	if letGo := op.stack.Program.LetGo; letGo != nil && letGo(*d.Resource) != "" {
		line += ": put it back, or let it go: " + letGo(*d.Resource)
	}
	return line
}

// preambles are what the SDK and the engine put before the words of whoever failed.
var preambles = []string{
	"an unhandled error occurred: ", "program failed: ", "waiting for RPCs: ", "resolving options: ",
	"1 error occurred:", "\n\t* ",
}

func withoutPreamble(message string) string {
	for trimmed := true; trimmed; {
		trimmed = false
		for _, preamble := range preambles {
			if rest, ok := strings.CutPrefix(message, preamble); ok {
				message, trimmed = rest, true
			}
		}
	}
	return strings.TrimSpace(message)
}

func withDetails(text, details string) string {
	if details == "" {
		return text
	}
	return text + "\n" + details
}
