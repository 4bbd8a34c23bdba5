//go:build linux

package rehearse

import (
	"fmt"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
	simulated "github.com/kafkalink/kafkalink/simcloud/azure"
)

// existingInAzure puts stand-ins for what a configuration says is there already, the user's own resource group and
// subnets, and says in which way they are none.
func existingInAzure(world *simcloud.World, config automation.Configuration) (standIns []string, err error) {
	text := func(key, otherwise string) string {
		if value, _ := config["azure-native:"+key].(string); value != "" {
			return value
		}
		return otherwise
	}
	existing := simulated.Existing{Location: text("location", "")}
	if group := section(config, "resourceGroup"); group.True("existing") {
		id := fmt.Sprintf("/subscriptions/%s/resourceGroups/%s", text("subscriptionId", simulated.Subscription), group.Text("name"))
		existing.Groups = append(existing.Groups, id)
	}
	for _, name := range []string{"brokersSubnet", "natSubnet"} {
		subnet := section(config, "network").Object(name)
		if subnet.Text("id") == "" {
			continue
		}
		existing.Subnets = append(existing.Subnets, simulated.ExistingSubnet{
			ID: subnet.Text("id"), CIDR: subnet.Text("cidr"), Services: name == "natSubnet",
		})
		standIns = append(standIns, fmt.Sprintf(
			"subnet %q: a stand-in for your own, without its security group, routes and neighbours", lastOf(subnet.Text("id"))))
	}
	if len(standIns) > 0 {
		standIns = append(standIns, standInForTheWayOut)
	}
	return standIns, existing.Put(world)
}
