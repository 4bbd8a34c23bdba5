package azure

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Latest is the version of a platform image that Azure resolves when it makes a machine.
const Latest = "latest"

// platformImage is an image of the marketplace. A version that is named is there unless it was withdrawn.
type platformImage struct{ publisher, offer, sku, version string }

func parseImage(name string) platformImage {
	parts := append(strings.Split(name, ":"), "", "", "")
	return platformImage{parts[0], parts[1], parts[2], parts[3]}
}

func imageOf(machine *simcloud.Resource) platformImage {
	reference := machine.Properties.Object("storageProfile.imageReference")
	return platformImage{reference.Text("publisher"), reference.Text("offer"), reference.Text("sku"), reference.Text("version")}
}

func (i platformImage) family() string {
	return strings.Join([]string{i.publisher, i.offer, i.sku}, ":")
}

func (i platformImage) String() string { return i.family() + ":" + i.version }

// firstVersion is the version of an image that everybody begins with: the family of Ubuntu 24.04 LTS has another one.
const (
	firstVersion = "1.0.0"
	ubuntu       = "canonical:ubuntu-24_04-lts:server"
	ubuntuFirst  = "24.04.202409120"
)

const (
	publishedMemory = "published image "
	withdrawnMemory = "withdrawn image "
)

// PublishImage adds a version to an image, both in "publisher:offer:sku:version".
func PublishImage(world *simcloud.World, name string) {
	image := parseImage(name)
	key := publishedMemory + strings.ToLower(image.family())
	world.Remember(key, strings.TrimSpace(world.Recall(key)+" "+image.version))
}

// WithdrawImage takes a version of an image away: no machine is made from it, and those that have it stay.
func WithdrawImage(world *simcloud.World, name string) {
	world.Remember(withdrawnMemory+strings.ToLower(name), "yes")
}

// ImageVersion is the version of its image that a machine was made from.
func ImageVersion(machine *simcloud.Resource) string {
	return cmp.Or(machine.Computed.Text(exactVersion), imageOf(machine).version)
}

// exactVersion is what is computed of a machine that was made from an image.
const exactVersion = "exactVersion"

func (i platformImage) withdrawn(view simcloud.View) bool {
	return view.Recall(withdrawnMemory+strings.ToLower(i.String())) != ""
}

// versions are those of an image's family that are there, the newest first.
func (i platformImage) versions(view simcloud.View) []string {
	family := strings.ToLower(i.family())
	first := firstVersion
	if family == ubuntu {
		first = ubuntuFirst
	}
	all := append([]string{first}, strings.Fields(view.Recall(publishedMemory+family))...)
	all = slices.DeleteFunc(all, func(version string) bool {
		i.version = version
		return i.withdrawn(view)
	})
	slices.SortFunc(all, func(a, b string) int { return slices.Compare(numbers(b), numbers(a)) })
	return all
}

// numbers are the parts of a version, "major.minor.build".
func numbers(version string) (all []uint64) {
	for part := range strings.SplitSeq(version, ".") {
		n, _ := strconv.ParseUint(part, 10, 64) // what is no number comes first
		all = append(all, n)
	}
	return all
}

// machineHasImage refuses a machine that is to be made from nothing, or from an image that is gone.
func machineHasImage(t *simcloud.Transaction) error {
	p := t.After.Properties
	if p.Text("storageProfile.osDisk.createOption") != "FromImage" {
		return nil
	}
	if p.Has("storageProfile.imageReference.id") {
		return nil
	}
	for _, part := range []string{"publisher", "offer", "sku", "version"} {
		if !p.Has("storageProfile.imageReference." + part) {
			return refuse(400, "InvalidParameter", "Required parameter 'imageReference' is missing (null), or it has neither an id nor publisher, offer, sku and version.")
		}
	}
	image := imageOf(t.After)
	switch {
	case !t.Creating():
		return nil // a machine keeps what it was made from
	case image.withdrawn(t.World):
		return refuse(404, "ImageVersionDeprecated", "The platform image '%s' is deprecated.", image)
	case image.version == Latest && len(image.versions(t.World)) == 0:
		return refuse(404, "PlatformImageNotFound", "The platform image '%s' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile", image)
	}
	return nil
}

// resolveImage says which version a machine is made from. The reference keeps what was asked for.
func resolveImage(t *simcloud.Transaction) {
	image := imageOf(t.After)
	if image.version == Latest {
		image.version = image.versions(t.World)[0]
	}
	if image.version != "" {
		t.After.Computed[exactVersion] = image.version
	}
}

// shownProfile is a machine's storage profile as Azure shows it, with the version that its image is of.
func shownProfile(machine *simcloud.Resource) map[string]any {
	profile := machine.Properties.Object("storageProfile").Clone()
	if version := machine.Computed.Text(exactVersion); version != "" && profile != nil {
		profile.Set("imageReference.exactVersion", version)
	}
	return profile
}

// imagePath is a version of an image in a region, or all of them.
var imagePath = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/providers/Microsoft\.Compute/locations/([^/]+)/publishers/([^/]+)/artifacttypes/vmimage/offers/([^/]+)/skus/([^/]+)/versions(?:/([^/]+))?$`)

// readImages answers a request for platform images; asked says whether it was one.
func readImages(view simcloud.View, path string, query url.Values) (answer any, asked bool, err error) {
	part := imagePath.FindStringSubmatch(path)
	if part == nil {
		return nil, false, nil
	}
	image := platformImage{part[2], part[3], part[4], part[5]}
	if image.version == "" {
		list := []any{}
		for _, version := range image.versions(view) {
			list = append(list, map[string]any{"name": version, "location": part[1]})
		}
		if most, err := strconv.Atoi(query.Get("$top")); err == nil {
			list = list[:min(most, len(list))]
		}
		return list, true, nil
	}
	if image.withdrawn(view) {
		return nil, true, refuse(404, "ImageVersionDeprecated", "VM Image from publisher: %s with - Offer: %s, Sku: %s, Version: %s is deprecated.", image.publisher, image.offer, image.sku, image.version)
	}
	return map[string]any{"name": image.version, "location": part[1], "properties": map[string]any{"architecture": "x64"}}, true, nil
}
