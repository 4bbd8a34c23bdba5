package cli

import (
	"io"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/rehearsal"
)

// Options is what the command is built from. Only Main takes something else from the process: its interrupts.
type Options struct {
	Programs  []automation.Program // the clouds that can be deployed
	Simulate  automation.Simulate  // starts a simulated cloud; nil: --simulate is refused
	Rehearser rehearsal.Rehearser  // nil where nothing can be rehearsed
	Version   string               // of kafkalink

	Args []string // without the program's name
	Env  []string // "NAME=value", as os.Environ gives
	In   io.Reader
	Out  io.Writer
	Err  io.Writer
	// Executable is the path of the running binary, "" when unknown. A Pulumi CLI beside it is used when PATH has none.
	Executable string

	// kill, when closed, ends the engine at once. Main closes it on the second interrupt.
	kill <-chan struct{}
}
