// Package rehearse deploys a stack in a lab and looks at it from the consumer's side. It joins automation, which knows
// stacks, to lab and simcloud, which know clouds; it runs on Linux only.
package rehearse
