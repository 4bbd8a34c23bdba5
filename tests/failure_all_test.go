//go:build exhaustive

package tests

// failuresOf is how many of an operation's requests fail in turn: all.
func failuresOf(requests int) int { return requests }
