package readiness

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// image is the marketplace image of a machine.
type image struct{ publisher, offer, sku, version string }

func imageOf(m Planned) image {
	part := func(name string) string { return text(m.Inputs, "storageProfile", "imageReference", name) }
	return image{part("publisher"), part("offer"), part("sku"), part("version")}
}

func (i image) String() string {
	return strings.Join([]string{i.publisher, i.offer, i.sku, i.version}, ":")
}

// images checks that the machines' images are in the region and of the sizes' architecture.
func (c *client) images(ctx context.Context, region string, machines []Planned, sizes map[string]size) []Check {
	wanted := map[string][]Planned{}
	for _, m := range machines {
		if i := imageOf(m); i.publisher != "" {
			wanted[i.String()] = append(wanted[i.String()], m)
		}
	}
	var checks []Check
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		of := wanted[name]
		check := Check{Subject: "image " + name}
		architecture, err := c.architecture(ctx, region, imageOf(of[0]))
		switch {
		case absent(err):
			check.Missing, check.Detail = true, "is not in "+region
			check.Next = fmt.Sprintf("choose another: az vm image list --all --location %s --publisher %s", region, imageOf(of[0]).publisher)
		case err != nil:
			check = unknown(check.Subject, err)
		default:
			check.Detail = fmt.Sprintf("is in %s, %s", region, architecture)
			if unfit := unfit(architecture, of, sizes); len(unfit) > 0 {
				check.Missing = true
				check.Detail = fmt.Sprintf("is %s; of another architecture: %s", architecture, strings.Join(unfit, ", "))
				check.Next = "choose an image and sizes of one architecture"
			}
		}
		checks = append(checks, check)
	}
	return checks
}

// unfit are the machines' sizes of another architecture, each once.
func unfit(architecture string, machines []Planned, sizes map[string]size) []string {
	found := map[string]bool{}
	for _, m := range machines {
		name := sizeOf(m.Inputs)
		if has := sizes[strings.ToLower(name)].capability("CpuArchitectureType"); has != "" && !strings.EqualFold(has, architecture) {
			found[name+" ("+has+")"] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// architecture of an image, like "x64".
func (c *client) architecture(ctx context.Context, region string, i image) (string, error) {
	const api = "2024-07-01"
	versions := fmt.Sprintf("%s/providers/Microsoft.Compute/locations/%s/publishers/%s/artifacttypes/vmimage/offers/%s/skus/%s/versions",
		c.scope(), region, url.PathEscape(i.publisher), url.PathEscape(i.offer), url.PathEscape(i.sku))
	version := i.version
	if version == "latest" {
		var newest []struct {
			Name string `json:"name"`
		}
		if err := c.fetch(ctx, c.address(versions, url.Values{"api-version": {api}, "$top": {"1"}, "$orderby": {"name desc"}}), &newest); err != nil {
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
	err := c.get(ctx, versions+"/"+url.PathEscape(version), api, &found)
	return found.Properties.Architecture, err
}
