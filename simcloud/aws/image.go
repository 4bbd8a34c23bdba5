package aws

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

// Image is a machine image.
type Image struct {
	ID           string
	Name         string
	Owner        string // id of the account
	Alias        string // "amazon", or ""
	Architecture string // "x86_64" or "arm64"
	RootDevice   string
	Created      string // when, as RFC 3339
	Agent        bool   // has the SSM agent
	Deprecated   bool   // is listed only for those who ask for such images, too, and can be launched by its id
}

// owners of well-known images.
const amazon, canonicalOwner, debianOwner = "137112412989", "099720109477", "136693071363"

// public are images that every region has, each region under an id of its own.
var public = []Image{
	{Name: "al2023-ami-2023.6.20241212.0-kernel-6.1-x86_64", Owner: amazon, Alias: "amazon", Architecture: x86, RootDevice: "/dev/xvda", Created: "2024-12-13T01:00:00.000Z", Agent: true},
	{Name: "al2023-ami-2023.6.20241212.0-kernel-6.1-arm64", Owner: amazon, Alias: "amazon", Architecture: arm, RootDevice: "/dev/xvda", Created: "2024-12-13T01:00:00.000Z", Agent: true},
	{Name: "al2023-ami-2023.5.20240916.0-kernel-6.1-x86_64", Owner: amazon, Alias: "amazon", Architecture: x86, RootDevice: "/dev/xvda", Created: "2024-09-17T01:00:00.000Z", Agent: true},
	{Name: "al2023-ami-2023.5.20240903.0-kernel-6.1-x86_64", Owner: amazon, Alias: "amazon", Architecture: x86, RootDevice: "/dev/xvda", Created: "2024-09-03T01:00:00.000Z", Agent: true},
	{Name: "al2023-ami-2023.5.20240903.0-kernel-6.1-arm64", Owner: amazon, Alias: "amazon", Architecture: arm, RootDevice: "/dev/xvda", Created: "2024-09-03T01:00:00.000Z", Agent: true},
	{Name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20241206", Owner: canonicalOwner, Architecture: x86, RootDevice: "/dev/sda1", Created: "2024-12-06T01:00:00.000Z"},
	{Name: "debian-12-amd64-20241201-1948", Owner: debianOwner, Architecture: x86, RootDevice: "/dev/xvda", Created: "2024-12-01T01:00:00.000Z"},
}

// publicParameters are parameters in which AWS publishes the newest images.
var publicParameters = map[string]string{
	"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64": public[0].Name,
	"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64":  public[1].Name,
	"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64":     public[0].Name,
	"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64":      public[1].Name,
}

// AmazonLinux is the id of the newest Amazon Linux 2023 of a region, for x86_64.
func AmazonLinux(region string) string { return imageID(region, public[0].Name) }

func imageID(region, name string) string { return "ami-" + identifiers.Digest(region + name)[:17] }

const imageMemory, deregisteredMemory = "image ", "deregistered "

// images are all images of a region that are registered.
func images(view simcloud.View, region string) []Image {
	return slices.DeleteFunc(everyImage(view, region), func(image Image) bool { return deregistered(view, image.ID) })
}

// everyImage has the public ones, and those that Existing has put there, also when they are deregistered by now.
func everyImage(view simcloud.View, region string) []Image {
	var found []Image
	for _, image := range public {
		image.ID = imageID(region, image.Name)
		found = append(found, image)
	}
	for id := range strings.FieldsSeq(view.Recall(imageMemory + region)) {
		var image Image
		if json.Unmarshal([]byte(view.Recall(imageMemory+id)), &image) == nil {
			found = append(found, image)
		}
	}
	return found
}

func deregistered(view simcloud.View, id string) bool {
	return view.Recall(deregisteredMemory+id) != ""
}

// Deregister takes an image away: nothing is launched from it, and instances that have it stay.
func Deregister(world *simcloud.World, id string) { world.Remember(deregisteredMemory+id, "yes") }

// findImage finds one that an instance has, deregistered or not.
func findImage(view simcloud.View, region, id string) (Image, bool) {
	for _, image := range everyImage(view, region) {
		if image.ID == id {
			return image, true
		}
	}
	return Image{}, false
}

// putImage remembers an image of a region.
func putImage(world *simcloud.World, region string, image Image) error {
	text, err := json.Marshal(image)
	if err != nil {
		return err
	}
	world.Remember(imageMemory+region, strings.TrimSpace(world.Recall(imageMemory+region)+" "+image.ID))
	world.Remember(imageMemory+image.ID, string(text))
	return nil
}
