package automation

import "strings"

// Kind tells callers what sort of failure an Error is.
type Kind int

// The kinds of failures.
const (
	KindOther         Kind = iota
	KindConfiguration      // the stack's files or the arguments
	KindEngine             // no usable Pulumi CLI, or it could not be run
	KindLogin              // the backend does not know who is asking
	KindStackNotFound      // nothing was deployed under that name
	KindResource           // the cloud or a host refused or failed
	KindProgram            // the program panicked or failed before or between resources
	KindLocked             // another operation holds the stack
	KindCancelled          // interrupted on request: what was under way ended and is saved
	KindKilled             // stopped at once on request: state may lack what was under way
	KindState              // the backend cannot read or keep the stack's state
	KindPolicy             // a policy pack forbids it
)

var kindNames = []string{
	"other", "configuration", "engine", "login", "stack-not-found", "resource", "program", "locked", "cancelled", "killed", "state", "policy",
}

// String is the kind in JSON documents, like "stack-not-found".
func (k Kind) String() string { return kindNames[k] }

// An Error says what failed, why, and what to do next. Why may have several lines.
type Error struct {
	Kind Kind
	What string
	Why  string
	Next string
	Err  error // the cause, for errors.Is and errors.As
	// Untouched says of an operation's failure that it came before the engine had begun to change anything.
	Untouched bool
}

func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(e.What)
	if e.Why != "" {
		text.WriteString(": " + e.Why)
	}
	if e.Next != "" {
		text.WriteString("\n" + e.Next)
	}
	return text.String()
}

func (e *Error) Unwrap() error { return e.Err }
