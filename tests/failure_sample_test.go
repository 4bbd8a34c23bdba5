//go:build !exhaustive

package tests

// failuresOf is how many of an operation's requests fail in turn, at equal distances.
func failuresOf(requests int) int { return min(3, requests) }
