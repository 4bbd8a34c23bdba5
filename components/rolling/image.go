package rolling

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// checkImage asks for the image of the machines that are to be made, before any machine is touched: replacing one whose image is
// gone would delete it and leave nothing in its place. Machines that stay are not asked about: theirs may be gone.
func checkImage(ctx *pulumi.Context, machines []*Machine, cloud Cloud) error {
	var nodes []string
	for _, m := range machines {
		if !m.Stays() {
			nodes = append(nodes, strconv.Itoa(m.Host.Node.ID))
		}
	}
	if len(nodes) == 0 {
		return nil
	}
	err := cloud.CheckImage(ctx)
	switch {
	case err == nil:
		return nil
	case len(nodes) == 1:
		return fmt.Errorf("node %s: its machine cannot be made: %w", nodes[0], err)
	}
	return fmt.Errorf("nodes %s: their machines cannot be made: %w", strings.Join(nodes, ", "), err)
}
