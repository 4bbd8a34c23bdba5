package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// linkPorts is a link's part of the JSON document of portmap.
type linkPorts struct {
	BootstrapPorts []int         `json:"bootstrapPorts"`
	PortMap        kafka.PortMap `json:"portMap"`
}

func portmap(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "portmap",
		Short: "Print which endpoint port leads to which broker, from the configuration alone",
		RunE: func(command *cobra.Command, _ []string) error {
			stack, err := a.open(command.Context())
			if err != nil {
				return err
			}
			v := stack.Validate()
			if err := v.Err(); err != nil {
				return err
			}
			if !a.flags.json {
				printPortMaps(a.options.Out, v.Cluster, a.paint(a.options.Out))
				return nil
			}
			links := map[string]linkPorts{}
			for _, link := range v.Cluster.Links {
				links[link.Name] = linkPorts{v.Cluster.BootstrapPorts(link), v.Cluster.PortMap(link)}
			}
			return a.document(links)
		},
	}
}

func printPortMaps(out io.Writer, cluster *kafka.Cluster, paint paint) {
	for i, link := range cluster.Links {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s\n\n", paint.strong("Port map of link "+link.Name))
		fmt.Fprint(out, cluster.PortMap(link).Text())
	}
}
