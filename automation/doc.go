// Package automation runs operations on kafkalink stacks: validate, preview, up, destroy, outputs.
//
// It drives the Pulumi engine through an installed Pulumi CLI, with the program in this process. It prints
// nothing and reads no process environment: what the engine's processes may see is passed in, what happens is
// reported as typed events, and what went wrong is an *Error that says what failed, why, and what to do next.
//
// A Stack is opened from a project directory (Pulumi.yaml and Pulumi.<stack>.yaml). Its configuration is decoded and
// validated before any engine process starts. With a Simulation, the same program runs against simulated
// clouds: state, login, secrets and cloud then live under .kafkalink/simulated/<stack> in the project directory, and
// never meet those of real runs.
package automation
