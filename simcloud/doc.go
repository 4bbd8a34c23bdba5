// Package simcloud serves simulated clouds as Pulumi resource providers to the unmodified Pulumi CLI.
//
// The package is the kernel: it owns the gRPC protocol, check, diff, create, read, update, delete,
// invoke, references, failure injection, latency, the operation log and the state file. What a
// cloud has and forbids is data and rules in that cloud's own package (simcloud/azure). See
// README.md for how to add a kind, and for where the simulation lies.
package simcloud
