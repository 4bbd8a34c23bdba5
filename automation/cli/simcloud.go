package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// served is the JSON document of simcloud serve.
type served struct {
	Environment []string `json:"environment"`
	ConfigFile  string   `json:"configFile"`
}

func simcloud(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "simcloud",
		Short: "Simulated clouds for the ordinary pulumi command",
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(serve(a))
	return command
}

func serve(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the stack's simulated cloud to pulumi preview, up, refresh and destroy, until interrupted",
		Long: `Serve the stack's simulated cloud, the one of --simulate, to the ordinary pulumi command: it prints the environment
to set, in another terminal, and goes on until it is interrupted. What either command deploys, the other finds deployed.`,
		Args: noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if a.options.Simulate == nil {
				return usage("this build has no simulated cloud", "build kafkalink's own main.go")
			}
			a.flags.simulate = true
			stack, err := a.openWithEngine(command.Context())
			if err != nil {
				return err
			}
			simulated, err := stack.Serve(command.Context())
			if err != nil {
				return err
			}
			if a.flags.json {
				err = a.document(served{Environment: simulated.Environment, ConfigFile: simulated.ConfigFile})
			} else {
				a.sayServed(stack.Identity.Stack, simulated.Environment, simulated.ConfigFile)
			}
			if err == nil {
				<-command.Context().Done()
			}
			if closed := simulated.Close(); closed != nil {
				return closed
			}
			return err
		},
	}
}

func (a *app) sayServed(stack string, environment []string, configFile string) {
	fmt.Fprintln(a.options.Out, "# In another terminal, in the project's directory:")
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(a.options.Out, "export %s=%s\n", name, quoted(value))
	}
	fmt.Fprintf(a.options.Out, "\npulumi preview --stack %s --config-file %s\n", quoted(stack), quoted(configFile))
	fmt.Fprintln(a.options.Out, "\n# It goes on until you interrupt it (Ctrl-C).")
}

// quoted is a word for a POSIX shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
