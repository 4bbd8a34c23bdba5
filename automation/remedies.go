package automation

import (
	"fmt"
	"path/filepath"
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
	case !op.begun():
		return fmt.Sprintf("if the stack stays locked, and by no other operation, %s; then %s", op.unlock(), op.again())
	case op.locked:
		return fmt.Sprintf("if the stack stays locked, %s; then %s continues", op.unlock(), op.again())
	case op.stack.Program.Find == nil:
		return fmt.Sprintf("look it up with `%s`, which asks about it, then %s continues", op.pulumi("refresh"), op.again())
	}
	return op.again() + " looks it up, and continues"
}

func (op *operation) unlock() string { return "release the stack with " + op.stack.command("cancel") }

// putBack says where an earlier state is.
func (op *operation) putBack() string {
	dir := op.stateDir()
	if dir == "" {
		return fmt.Sprintf("put an earlier state back: `%s`, then `%s`", op.pulumi("stack export --version N --file state.json"),
			op.pulumi("stack import --file state.json"))
	}
	state := filepath.Join(dir, ".pulumi", "stacks", op.stack.Identity.Project, op.stack.Identity.Stack+".json")
	return fmt.Sprintf("keep a copy of %s, then put back %s.bak, the state before the last change; %s finds out the rest",
		state, state, op.again())
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
