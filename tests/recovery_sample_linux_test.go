//go:build !exhaustive

package tests

// killedStacks is how many stacks have ups killed.
const killedStacks = 2
