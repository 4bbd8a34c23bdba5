package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

func root(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "kafkalink",
		Short: "Kafka on virtual machines, reached through the cloud's private connectivity",
		Long: `kafkalink deploys Apache Kafka on virtual machines and exposes it to another account
through the cloud's private connectivity. Run it in a project directory, the one with Pulumi.yaml.

  kafkalink validate                 check the stack's configuration
  kafkalink up --simulate            deploy onto a simulated cloud: no account, no cost
  kafkalink rehearse                 the same with real brokers, checked as the consumer (Linux, root)
  kafkalink init                     write a project of your own
  kafkalink doctor                   what is missing before a deployment, and how to get it
  kafkalink up                       deploy
  kafkalink handoff                  what to enter at the consumer's, TiDB Cloud's first of all`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(command *cobra.Command, _ []string) error { return command.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if a.flags.simulate && a.options.Simulate == nil {
				return usage("--simulate is not available in this build", "leave it out")
			}
			return nil
		},
	}
	command.SetIn(a.options.In)
	command.SetOut(a.options.Out)
	command.SetErr(a.options.Err)
	command.SetFlagErrorFunc(func(command *cobra.Command, err error) error {
		return usage(err.Error(), fmt.Sprintf("see %s --help", command.CommandPath()))
	})
	f := command.PersistentFlags()
	f.BoolVar(&a.flags.simulate, "simulate", false, "use a simulated cloud and state of its own, under .kafkalink/simulated")
	f.StringVarP(&a.flags.stack, "stack", "s", "", "the stack; default: PULUMI_STACK, or the only one there is")
	_ = command.RegisterFlagCompletionFunc("stack", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return automation.Stacks(a.flags.dir), cobra.ShellCompDirectiveNoFileComp
	})
	f.BoolVarP(&a.flags.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&a.flags.json, "json", false, "print one JSON document; all else goes to the error stream")
	f.BoolVar(&a.flags.nonInteractive, "non-interactive", false, "never ask, and do not draw on the terminal")
	f.StringVarP(&a.flags.dir, "cwd", "C", ".", "the project directory")
	command.AddCommand(
		validate(a), preview(a), up(a), bind(a), refresh(a), destroy(a), cancel(a), doctor(a), rehearse(a), simcloud(a),
		outputs(a), handoff(a), portmap(a), initialize(a), config(a), version(a),
	)
	for _, c := range command.Commands() {
		c.Args = noArgs
	}
	return command
}

func noArgs(command *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Sprintf("%s takes no arguments, got: %s", command.CommandPath(), strings.Join(args, " ")),
			fmt.Sprintf("see %s --help", command.CommandPath()))
	}
	return nil
}

// usage is an error in how the command was called.
func usage(why, next string) error {
	return &automation.Error{Kind: automation.KindConfiguration, What: "the command cannot be run like this", Why: why, Next: next}
}
