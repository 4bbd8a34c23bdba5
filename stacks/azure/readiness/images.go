package readiness

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// image is the marketplace image of a machine.
type image struct{ publisher, offer, sku, version string }

func imageOf(m Planned) image {
	part := func(name string) string { return examination.Text(m.Inputs, "storageProfile", "imageReference", name) }
	return image{part("publisher"), part("offer"), part("sku"), part("version")}
}

// String is how Azure's CLI writes an image, "" for one that is none of the marketplace.
func (i image) String() string {
	if i.publisher == "" {
		return ""
	}
	return strings.Join([]string{i.publisher, i.offer, i.sku, i.version}, ":")
}

// images checks that the machines' images are in the region and of the sizes' architecture.
func (c *client) images(ctx context.Context, region string, machines []Planned, sizes map[string]size) []Check {
	return examination.Images{
		Region: region,
		Wanted: func(m Planned) string { return imageOf(m).String() },
		Architecture: func(m Planned) (string, bool, error) {
			architecture, err := c.architecture(ctx, region, imageOf(m))
			if absent(err) {
				return "", false, nil
			}
			return architecture, true, err
		},
		Size: func(m Planned) (string, []string) {
			name := sizeOf(m)
			return name, sizes[strings.ToLower(name)].architectures()
		},
		List: func(m Planned) string {
			return fmt.Sprintf("az vm image list --all --location %s --publisher %s", region, imageOf(m).publisher)
		},
		Unknown: unknown,
	}.Checks(machines)
}

// architecture of an image, like "x64".
func (c *client) architecture(ctx context.Context, region string, i image) (string, error) {
	const api = "2024-07-01"
	versions := fmt.Sprintf("%s/providers/Microsoft.Compute/locations/%s/publishers/%s/artifacttypes/vmimage/offers/%s/skus/%s/versions",
		c.Scope(), region, url.PathEscape(i.publisher), url.PathEscape(i.offer), url.PathEscape(i.sku))
	version := i.version
	if version == "latest" {
		var newest []struct {
			Name string `json:"name"`
		}
		if err := c.Get(ctx, versions, url.Values{"api-version": {api}, "$top": {"1"}, "$orderby": {"name desc"}}, &newest); err != nil {
			return "", err
		}
		if len(newest) == 0 {
			return "", errNone
		}
		version = newest[0].Name
	}
	var found struct {
		Properties struct {
			Architecture string `json:"architecture"`
		} `json:"properties"`
	}
	err := c.Get(ctx, versions+"/"+url.PathEscape(version), resourcemanager.Of(api), &found)
	return found.Properties.Architecture, err
}

// absent tells whether Azure says that something does not exist.
func absent(err error) bool { return errors.Is(err, errNone) || resourcemanager.Absent(err) }

// errNone says that a list is empty.
var errNone = errors.New("there is none")
