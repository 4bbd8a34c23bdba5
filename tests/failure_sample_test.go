//go:build !exhaustive

package tests

// everyOperation is how many operations on the next is that fails.
const everyOperation = 9
