package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

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

  # yaml-language-server: $schema=kafkalink.schema.json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			at := slices.Index(a.clouds(), cloud)
			if at < 0 {
				return usage(fmt.Sprintf("--cloud %s is not known", cloud), "take one of: "+strings.Join(a.clouds(), ", "))
			}
			_, err := a.options.Out.Write(a.options.Programs[at].Schema)
			return err
		},
	}
	schema.Flags().StringVar(&cloud, "cloud", a.clouds()[0], "the cloud: "+strings.Join(a.clouds(), ", "))
	command.AddCommand(schema)
	return command
}
