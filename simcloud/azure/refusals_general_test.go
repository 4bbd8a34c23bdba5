package azure_test

// armRefusals are refusals of what holds for every type.
func armRefusals() map[string]situation {
	return map[string]situation{
		"a group that does not exist": {
			create("NetworkSecurityGroup", "x", Map{"resourceGroupName": "nowhere", "networkSecurityGroupName": "x"}),
			refusal(404, "ResourceGroupNotFound", "Resource group 'nowhere' could not be found."),
		},
		"a parent that does not exist": {
			create("Subnet", "x", with(subnet("x", "10.0.9.0/24"), "virtualNetworkName", "nowhere")),
			refusal(404, "ResourceNotFound", "The Resource 'Microsoft.Network/virtualNetworks/nowhere' under resource group 'rg' was not found."),
		},
		"what exists already": {
			create("Disk", "again", dataDisk("disk1", "1")),
			"cannot create already existing resource '~Microsoft.Compute/disks/disk1'",
		},
		"what exists already in other case": {
			create("Disk", "again", dataDisk("DISK1", "1")),
			"cannot create already existing resource '~Microsoft.Compute/disks/disk1'",
		},
		"a resource that would move": {
			update("lb", with(loadBalancer(), "location", "West US")),
			refusal(409, "InvalidResourceLocation", "The resource 'lb' already exists in location 'eastus' in resource group 'rg'. A resource with the same name cannot be created in location 'westus'. Please select a new resource name."),
		},
		"a reference into another region": {
			create("NetworkInterface", "x", with(nic("x"), "location", "westus")),
			refusal(400, "InvalidResourceReference", "Resource ~Microsoft.Network/virtualNetworks/vnet/subnets/brokers referenced by resource ~Microsoft.Network/networkInterfaces/x was not found. Please make sure that the referenced resource exists, and that both resources are in the same region: they are in eastus and westus."),
		},
		"a reference to nothing": {
			create("NetworkInterface", "x", nicWith("x", "subnet", subnetID("nowhere"))),
			refusal(400, "InvalidResourceReference", "Resource ~Microsoft.Network/virtualNetworks/vnet/subnets/nowhere referenced by 'ipConfigurations[0].subnet.id' was not found. Please make sure that the referenced resource exists, and that both resources are in the same region."),
		},
		"a reference to another type": {
			create("NetworkInterface", "x", nicWith("x", "subnet.id", prefix+"Microsoft.Compute/disks/disk1")),
			"'ipConfigurations[0].subnet.id' refers to ~Microsoft.Compute/disks/disk1, which is a azure-native:compute:Disk, not a azure-native:network:Subnet",
		},
		"a group whose network others use": {
			after(func(s *setup) error {
				s.Make("ResourceGroup", "elsewhere", Map{"resourceGroupName": "elsewhere"})
				return create("NetworkInterface", "guest", with(nic("guest"), "resourceGroupName", "elsewhere"))(s)
			}, remove("rg")),
			refusal(409, "ResourceGroupDeletionBlocked", "Deletion of resource group 'rg' failed as ~Microsoft.Network/virtualNetworks/vnet/subnets/brokers is in use by /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/elsewhere/providers/Microsoft.Network/networkInterfaces/guest."),
		},
		"a group with a connected service in it": {
			after(connect, remove("rg")),
			refusal(400, "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted", "Private link service ~Microsoft.Network/privateLinkServices/service has 1 private endpoint connections (tidb.GUID) and cannot be deleted. Remove the connections first."),
		},
	}
}
