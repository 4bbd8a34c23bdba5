package cli

import "github.com/spf13/cobra"

func config(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "config",
		Short: "About the configuration of stacks",
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	var cloud string
	schema := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of Pulumi.<stack>.yaml, for editors",
		Long: `Print the JSON schema of Pulumi.<stack>.yaml. Editors that know YAML's language server take it from a file:

  kafkalink config schema > kafkalink.schema.json

with this as the first line of the stack's file:

  # yaml-language-server: $schema=kafkalink.schema.json

It is that of the stack's cloud; outside of a project, say which with --cloud.`,
		Args: noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if cloud == "" {
				if stack, err := a.open(command.Context()); err == nil {
					cloud = stack.Program.Cloud
				}
			}
			program, err := a.program(cloud)
			if err != nil {
				return err
			}
			_, err = a.options.Out.Write(program.Schema)
			return err
		},
	}
	a.cloudFlag(schema, &cloud)
	command.AddCommand(schema)
	return command
}
