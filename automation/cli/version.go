package cli

import (
	"fmt"
	"runtime"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/automation"
)

// versions is the JSON document of version. The engine's are empty when none was found.
type versions struct {
	Kafkalink     string `json:"kafkalink"`
	Go            string `json:"go"`
	PulumiSDK     string `json:"pulumiSdk"`
	PulumiCLI     string `json:"pulumiCli"`
	PulumiCLIPath string `json:"pulumiCliPath"`
}

func version(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of kafkalink, of Go, and of the Pulumi CLI that would be used",
		RunE: func(command *cobra.Command, _ []string) error {
			v := versions{Kafkalink: a.options.Version, Go: runtime.Version(), PulumiSDK: sdk.Version.String()}
			engine, missing := automation.FindEngine(command.Context(), a.engineSearch())
			if missing == nil {
				v.PulumiCLI, v.PulumiCLIPath = engine.Version.String(), engine.Path
			}
			if a.flags.json {
				return a.document(v)
			}
			fmt.Fprintf(a.options.Out, "kafkalink   %s\nGo          %s\nPulumi SDK  v%s\n", v.Kafkalink, v.Go, v.PulumiSDK)
			if missing != nil {
				fmt.Fprintf(a.options.Out, "Pulumi CLI  none usable\n%s\n", indent(missing.Error()))
				return nil
			}
			fmt.Fprintf(a.options.Out, "Pulumi CLI  v%s  %s\n", v.PulumiCLI, v.PulumiCLIPath)
			return nil
		},
	}
}
