// Package cli is the kafkalink command: validate, preview, up, destroy, outputs, handoff, portmap, version.
//
// Results go to the output stream and errors to the error stream; with --json the output stream gets one JSON document
// and all else goes to the error stream. Progress is live on a terminal and plain lines elsewhere.
//
// Exit codes are the Pulumi CLI's (its taxonomy is stable from v3.226.1):
//
//	0    success
//	1    any other error, also of the engine or the program
//	2    configuration, flags or arguments are wrong; --yes is missing where nobody can be asked
//	3    the backend does not know who is asking
//	4    a resource failed
//	6    the stack is not deployed
//	8    interrupted, or declined when asked
//	255  a bug: the command panicked
package cli
