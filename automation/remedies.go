package automation

import (
	"fmt"
	"slices"
	"strings"
)

// The sentences below differ for an operation that has changed nothing: a preview, one that only reads, or one that the
// engine has not begun.

func (op *operation) ended() string {
	if !op.begun() {
		return "nothing was changed"
	}
	return "what was under way has ended and is saved"
}

func (op *operation) finish() string {
	if !op.begun() {
		return "run it again"
	}
	return op.again() + " finishes it"
}

func (op *operation) proceed() string {
	if !op.begun() {
		return "nothing was changed: correct the cause"
	}
	return fmt.Sprintf("what was done is saved: correct the cause, then %s continues", op.again())
}

// lookUp says how to find what a killed operation left.
func (op *operation) lookUp() string {
	switch {
	case op.stack.Simulated():
		return op.beginAnew()
	case !op.begun():
		return fmt.Sprintf("if the stack stays locked, and by no other operation, %s; then %s", op.unlock(), op.again())
	case op.locked:
		return fmt.Sprintf("if the stack stays locked, %s; then %s continues", op.unlock(), op.again())
	}
	return fmt.Sprintf("let the engine look it up with `%s`, then %s continues", op.pulumi("refresh"), op.again())
}

func (op *operation) unlock() string {
	if op.stack.Simulated() {
		return op.beginAnew()
	}
	return fmt.Sprintf("release the stack with `%s`, then `%s`", op.pulumi("cancel"), op.pulumi("refresh"))
}

func (op *operation) beginAnew() string {
	return "begin the rehearsal anew by removing " + op.stack.SimulatedDir()
}

// again is the command that this operation is.
func (op *operation) again() string {
	return op.stack.command(slices.Concat([]string{op.name}, op.flags)...)
}

// pulumi is a command of the Pulumi CLI to type, on the same stack.
func (op *operation) pulumi(command string) string {
	words := []string{"pulumi", command, "--stack", op.stackName()}
	if dir := op.stack.project.shownDir; dir != "." {
		words = append(words, "--cwd", dir)
	}
	return strings.Join(words, " ")
}
