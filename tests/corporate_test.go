package tests

import "github.com/kafkalink/kafkalink/simcloud"

// corporateNetwork is what the scenario own-network finds in its subscription: a resource group for Kafka, and a
// network of other people's with a subnet for brokers and one that Private Link Services may use.
func corporateNetwork(w *simcloud.World) error {
	const (
		subscription = "/subscriptions/00000000-0000-0000-0000-000000000000"
		group        = subscription + "/resourceGroups/corp-network"
		vnet         = group + "/providers/Microsoft.Network/virtualNetworks/corp"
	)
	named := func(name string, more simcloud.Properties) simcloud.Properties {
		more["resourceGroupName"] = name
		more["location"] = "eastus"
		return more
	}
	subnet := func(name, cidr, policies string) *simcloud.Resource {
		return &simcloud.Resource{
			ID: vnet + "/subnets/" + name, Type: "azure-native:network:Subnet", Parent: vnet,
			Properties: simcloud.Properties{
				"resourceGroupName": "corp-network", "virtualNetworkName": "corp", "subnetName": name,
				"addressPrefix": cidr, "privateLinkServiceNetworkPolicies": policies,
			},
		}
	}
	for _, r := range []*simcloud.Resource{
		{ID: group, Type: "azure-native:resources:ResourceGroup", Properties: named("corp-network", simcloud.Properties{})},
		{ID: subscription + "/resourceGroups/corp-kafka", Type: "azure-native:resources:ResourceGroup", Properties: named("corp-kafka", simcloud.Properties{})},
		{ID: vnet, Type: "azure-native:network:VirtualNetwork", Parent: group, Properties: named("corp-network", simcloud.Properties{
			"virtualNetworkName": "corp", "addressSpace": map[string]any{"addressPrefixes": []any{"10.20.0.0/16"}},
		})},
		subnet("kafka", "10.20.0.0/24", "Enabled"),
		subnet("private-link", "10.20.1.0/28", "Disabled"),
	} {
		w.Put(r)
	}
	return nil
}
