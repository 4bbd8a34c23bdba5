// kafkalink stands up Apache Kafka on virtual machines and exposes it to another account through private connectivity.
//
// Run by a person it is the kafkalink command. Started by Pulumi's engine it is the program of this repository's stacks.
package main

import (
	"context"
	"os"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/cli"
	"github.com/kafkalink/kafkalink/internal/wiring"
)

// version is stamped by the build.
var version = "dev"

func main() {
	if startedByPulumi() {
		automation.RunProgram(wiring.Programs())
		return
	}
	executable, _ := os.Executable() // "" says that nothing can be found beside it
	os.Exit(cli.Main(context.Background(), cli.Options{
		Programs:   wiring.Programs(),
		Simulate:   wiring.Simulate,
		Rehearser:  wiring.Rehearser(),
		Version:    version,
		Args:       os.Args[1:],
		Env:        os.Environ(),
		In:         os.Stdin,
		Out:        os.Stdout,
		Err:        os.Stderr,
		Executable: executable,
	}))
}

// startedByPulumi tells a program's run from a person's: the language host starts the program without arguments.
func startedByPulumi() bool {
	return len(os.Args) == 1 && os.Getenv("PULUMI_MONITOR") != "" && os.Getenv("PULUMI_ENGINE") != ""
}
