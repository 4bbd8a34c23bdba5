package automation

import (
	"fmt"
	"os"
	"path/filepath"
)

// A state in files is written anew with every change, beside the one before, its backup and its history; and a CLI that
// runs out of room leaves them cut off. So an operation needs room for all of them before it begins.
const (
	roomPerState = 5
	roomBesides  = 1 << 20 // locks and attributes
)

// checkRoom refuses to begin what could not be saved in a directory. Other backends answer for themselves.
func (op *operation) checkRoom() error {
	dir := op.stateDir()
	if dir == "" {
		return nil
	}
	free, err := freeBytes(dir)
	if err != nil {
		return nil // the CLI says better what is wrong with it
	}
	need := uint64(roomBesides)
	id := op.stack.Identity
	if info, err := os.Stat(filepath.Join(dir, ".pulumi", "stacks", id.Project, id.Stack+".json")); err == nil {
		need += roomPerState * uint64(info.Size())
	}
	if free >= need {
		return nil
	}
	return &Error{
		Kind: KindState,
		What: fmt.Sprintf("%s of stack %q cannot begin", op.name, id.Stack),
		Why:  fmt.Sprintf("the stack's state is kept in %s, where %d KiB are free; saving it safely takes %d KiB", dir, free>>10, need>>10),
		Next: "make room there, then " + op.again(),
	}
}
