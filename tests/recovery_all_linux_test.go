//go:build exhaustive

package tests

// killedStacks is how many stacks have four ups killed each.
const killedStacks = 50
