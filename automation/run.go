package automation

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RunProgram is the body of main under `pulumi up`: it picks the program by kafkalink:cloud, refuses a bad
// configuration with the text of `kafkalink validate` before anything is registered, and runs it. It reads the
// variables by which Pulumi starts a program and, as pulumi.Run, ends the process when the program fails.
func RunProgram(programs []Program) {
	pulumi.Run(underPulumi(programs, os.Getenv("PULUMI_CONFIG"), os.Getenv("PULUMI_CONFIG_SECRET_KEYS")))
}

func underPulumi(programs []Program, values, secretKeys string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		config, err := configurationFromEngine(values, secretKeys)
		if err != nil {
			return fmt.Errorf("reading the configuration from the engine: %w", err)
		}
		program, err := pickProgram(programs, config)
		if err != nil {
			return err
		}
		identity := StackIdentity{Organization: ctx.Organization(), Project: ctx.Project(), Stack: ctx.Stack()}
		_, findings := decode(program, identity, config)
		if err := findings.Err(); err != nil {
			return invalid(err, fmt.Sprintf("correct Pulumi.%s.yaml", ctx.Stack()))
		}
		for _, warning := range findings.WarningLines() {
			if err := ctx.Log.Warn(warning, nil); err != nil {
				return err
			}
		}
		return program.Run(ctx)
	}
}
