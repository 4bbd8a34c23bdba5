package rolling

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// checkImages asks for the images of the machines that are to be made, before any machine is touched: replacing one whose image is
// gone would delete it and leave nothing in its place. Machines that stay are not asked about: theirs may be gone.
func checkImages(ctx *pulumi.Context, machines []*Machine, cloud Cloud) error {
	var nodes []string
	var why error
	for _, m := range machines {
		if m.Stays() {
			continue
		}
		if err := cloud.CheckImage(ctx, m); err != nil {
			nodes, why = append(nodes, strconv.Itoa(m.Host.Node.ID)), err
		}
	}
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("node %s: its machine cannot be made: %w", nodes[0], why)
	default:
		return fmt.Errorf("nodes %s: their machines cannot be made: %w", strings.Join(nodes, ", "), why)
	}
}
