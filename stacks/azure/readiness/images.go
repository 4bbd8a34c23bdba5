package readiness

import (
	"context"
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// imageOf is the marketplace image of a machine.
func imageOf(m Planned) resourcemanager.Image {
	part := func(name string) string { return examination.Text(m.Inputs, "storageProfile", "imageReference", name) }
	return resourcemanager.Image{Publisher: part("publisher"), Offer: part("offer"), SKU: part("sku"), Version: part("version")}
}

// images checks that the machines' images are in the region and of the sizes' architecture.
func (c *client) images(ctx context.Context, region string, machines []Planned, sizes map[string]size) []Check {
	return examination.Images{
		Region: region,
		Wanted: func(m Planned) string { return imageOf(m).String() },
		Architecture: func(m Planned) (string, bool, error) {
			architecture, err := c.Architecture(ctx, region, imageOf(m))
			if resourcemanager.Withdrawn(err) {
				return "", false, nil
			}
			return architecture, true, err
		},
		Size: func(m Planned) (string, []string) {
			name := sizeOf(m)
			return name, sizes[strings.ToLower(name)].architectures()
		},
		List: func(m Planned) string {
			return fmt.Sprintf("az vm image list --all --location %s --publisher %s", region, imageOf(m).Publisher)
		},
		Unknown: unknown,
	}.Checks(machines)
}
