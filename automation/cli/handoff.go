package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func handoff(a *app) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "handoff",
		Short: "Print, per link, what the consumer enters in which field",
		RunE: func(command *cobra.Command, _ []string) error {
			if a.flags.json {
				format = "json"
			}
			if !slices.Contains([]string{"text", "json", "markdown"}, format) {
				return usage(fmt.Sprintf("--format is %q", format), "choose text, json or markdown")
			}
			stack, err := a.openWithEngine(command.Context())
			if err != nil {
				return err
			}
			outputs, err := stack.Outputs(command.Context())
			if err != nil {
				return err
			}
			if format == "json" {
				byLink := map[string]kafka.HandOff{}
				for name, link := range outputs.Links {
					byLink[name] = link.HandOff
				}
				return a.document(byLink)
			}
			printHandOffs(a.options.Out, outputs, format)
			return nil
		},
	}
	command.Flags().StringVar(&format, "format", "text", "text, json or markdown")
	return command
}

func printHandOffs(out io.Writer, outputs kafka.Outputs, format string) {
	for i, name := range slices.Sorted(maps.Keys(outputs.Links)) {
		if i > 0 {
			fmt.Fprintln(out)
		}
		link := outputs.Links[name]
		if format == "markdown" {
			fmt.Fprint(out, link.HandOff.Markdown())
		} else {
			fmt.Fprint(out, link.HandOff.Text())
		}
	}
}
