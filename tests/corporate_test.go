package tests

import (
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// corporateNetwork is what the scenario own-network finds in its subscription: a resource group for Kafka, and a
// network of other people's with a subnet for brokers and one that Private Link Services may use.
func corporateNetwork(w *simcloud.World) error {
	const (
		groups  = "/subscriptions/" + azure.Subscription + "/resourceGroups/"
		subnets = groups + "corp-network/providers/Microsoft.Network/virtualNetworks/corp/subnets/"
	)
	return azure.Existing{
		Location: "eastus",
		Groups:   []string{groups + "corp-kafka"},
		Subnets: []azure.ExistingSubnet{
			{ID: subnets + "kafka", CIDR: "10.20.0.0/24"}, {ID: subnets + "private-link", CIDR: "10.20.1.0/28", Services: true},
		},
	}.Put(w)
}
