package automation

import "fmt"

// The sentences below differ for a preview, which changes nothing.

func (op *operation) ended() string {
	if op.command.previewsOnly {
		return "nothing was changed"
	}
	return "what was under way has ended and is saved"
}

func (op *operation) finish() string {
	if op.command.previewsOnly {
		return "run it again"
	}
	return fmt.Sprintf("kafkalink %s finishes it", op.name)
}

func (op *operation) proceed() string {
	if op.command.previewsOnly {
		return "nothing was changed: correct the cause"
	}
	return fmt.Sprintf("what was done is saved: correct the cause, then kafkalink %s continues", op.name)
}

// lookUp says how to find what a killed operation left.
func (op *operation) lookUp() string {
	if op.stack.Simulated() {
		return op.beginAnew()
	}
	return fmt.Sprintf("let the engine look it up with `pulumi refresh --stack %s`, then kafkalink %s continues",
		op.stackName(), op.name)
}

func (op *operation) unlock() string {
	if op.stack.Simulated() {
		return op.beginAnew()
	}
	return fmt.Sprintf("release the stack with `pulumi cancel --stack %s`, then `pulumi refresh --stack %s`",
		op.stackName(), op.stackName())
}

func (op *operation) beginAnew() string {
	return "begin the rehearsal anew by removing " + op.stack.SimulatedDir()
}
