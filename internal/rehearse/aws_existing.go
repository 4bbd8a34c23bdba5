//go:build linux

package rehearse

import (
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
	simulated "github.com/kafkalink/kafkalink/simcloud/aws"
)

// existingInAWS puts stand-ins for what a configuration says is there already: the user's own subnets, key pair and image.
func existingInAWS(world *simcloud.World, config automation.Configuration) (standIns []string, err error) {
	existing := simulated.Existing{Region: regionOf(config)}
	const network = "vpc-00000000000000000"
	for _, subnet := range section(config, "network").Objects("brokerSubnets") {
		id := subnet.Text("id")
		if id == "" {
			continue
		}
		existing.Subnets = append(existing.Subnets, simulated.ExistingSubnet{
			ID: id, Vpc: network, CIDR: subnet.Text("cidr"), ZoneID: subnet.Text("zone"), WayOut: true,
		})
		standIns = append(standIns, fmt.Sprintf("subnet %q: a stand-in for your own, without its network ACL, routes and neighbours", id))
	}
	if len(standIns) > 0 {
		standIns = append(standIns, standInForTheWayOut)
	}
	machines := section(config, "machines")
	if image := machines.Text("image"); strings.HasPrefix(image, "ami-") {
		existing.Images = append(existing.Images, simulated.Image{ID: image, Name: image, Architecture: "x86_64", RootDevice: "/dev/xvda", Agent: true})
		standIns = append(standIns, fmt.Sprintf("image %s: a stand-in that has the agent of Systems Manager", image))
	}
	if pair := machines.Text("keyPair"); pair != "" && machines.Text("adminPublicKey") == "" {
		existing.KeyPairs = append(existing.KeyPairs, pair)
		standIns = append(standIns, fmt.Sprintf("key pair %q: a stand-in, with which nobody can log in", pair))
	}
	return standIns, existing.Put(world)
}
