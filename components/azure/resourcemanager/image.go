package resourcemanager

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// Image is a platform image of the marketplace.
type Image struct{ Publisher, Offer, SKU, Version string }

// Latest is the version that stands for the newest one.
const Latest = "latest"

// ParseImage reads "publisher:offer:sku:version"; what is left out is empty.
func ParseImage(name string) Image {
	parts := append(strings.SplitN(name, ":", 4), "", "", "")
	return Image{parts[0], parts[1], parts[2], parts[3]}
}

// String is how Azure's CLI writes an image, "" for one that is none of the marketplace.
func (i Image) String() string {
	if i.Publisher == "" {
		return ""
	}
	return strings.Join([]string{i.Publisher, i.Offer, i.SKU, i.Version}, ":")
}

// Architecture of an image in a region, like "x64". The error of one that is not there is Withdrawn.
func (c *Client) Architecture(ctx context.Context, region string, i Image) (string, error) {
	const api = "2024-07-01"
	versions := c.Scope() + "/providers/Microsoft.Compute/locations/" + region + "/publishers/" + url.PathEscape(i.Publisher) +
		"/artifacttypes/vmimage/offers/" + url.PathEscape(i.Offer) + "/skus/" + url.PathEscape(i.SKU) + "/versions"
	version := i.Version
	if version == Latest {
		var newest []struct {
			Name string `json:"name"`
		}
		if err := c.Get(ctx, versions, url.Values{"api-version": {api}, "$top": {"1"}, "$orderby": {"name desc"}}, &newest); err != nil {
			return "", err
		}
		if len(newest) == 0 {
			return "", errNoVersion
		}
		version = newest[0].Name
	}
	var found struct {
		Properties struct {
			Architecture string `json:"architecture"`
		} `json:"properties"`
	}
	err := c.Get(ctx, versions+"/"+url.PathEscape(version), Of(api), &found)
	return found.Properties.Architecture, err
}

var errNoVersion = errors.New("it has no version")

// Withdrawn tells whether Azure says that an image does not exist, or no longer: "Deprecated Azure Marketplace images" has the
// code, and not which status comes with it.
func Withdrawn(err error) bool {
	var refused *azcore.ResponseError
	return errors.Is(err, errNoVersion) || Absent(err) || errors.As(err, &refused) && refused.ErrorCode == "ImageVersionDeprecated"
}
