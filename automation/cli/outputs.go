package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func outputs(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "outputs",
		Short: "Print what the deployed stack exports: its nodes, and per link the endpoint service",
		RunE: func(command *cobra.Command, _ []string) error {
			stack, err := a.openWithEngine(command.Context())
			if err != nil {
				return err
			}
			outputs, err := stack.Outputs(command.Context())
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.document(outputs)
			}
			printOutputs(a.options.Out, outputs, a.paint(a.options.Out))
			return nil
		},
	}
}

func printOutputs(out io.Writer, outputs kafka.Outputs, paint paint) {
	c := outputs.Cluster
	fmt.Fprintf(out, "%s  id %s, Kafka %s, on %s\n\n", paint.strong(c.Name), c.ID, c.Version, outputs.Cloud)
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "  NODE\tNAME\tROLES\tZONE\tADDRESS")
	for _, n := range c.Nodes {
		roles := make([]string, len(n.Roles))
		for i, role := range n.Roles {
			roles[i] = string(role)
		}
		fmt.Fprintf(table, "  %d\t%s\t%s\t%s\t%s\n", n.ID, n.Name, strings.Join(roles, ","), n.Zone, n.Address)
	}
	_ = table.Flush()
	for _, name := range slices.Sorted(maps.Keys(outputs.Links)) {
		link := outputs.Links[name]
		fmt.Fprintf(out, "\n%s  %s %s\n\n", paint.strong("link "+name), link.Service.Kind, link.Service.Name)
		fmt.Fprint(out, link.PortMap.Text())
	}
}
