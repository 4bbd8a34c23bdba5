package azure_test

// networkRefusals are refusals of networks, subnets, security groups, addresses and gateways.
func networkRefusals() map[string]situation {
	return map[string]situation{
		// networks and subnets
		"an address space with host bits": {
			update("vnet", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressSpace": Map{"addressPrefixes": list{"10.0.0.1/16"}}}),
			refusal(400, "InvalidCIDRNotation", "The address prefix 10.0.0.1/16 in resource ~Microsoft.Network/virtualNetworks/vnet has an invalid CIDR notation. For the given prefix length, the address prefix should be 10.0.0.0/16."),
		},
		"no address space": {
			create("VirtualNetwork", "x", Map{"resourceGroupName": "rg", "virtualNetworkName": "x1"}),
			refusal(400, "InvalidRequestFormat", "Virtual network ~Microsoft.Network/virtualNetworks/x1 must have at least one address prefix in addressSpace.addressPrefixes."),
		},
		"an address space that overlaps itself": {
			create("VirtualNetwork", "x", Map{"resourceGroupName": "rg", "virtualNetworkName": "x1", "addressSpace": Map{"addressPrefixes": list{"10.0.0.0/16", "10.0.1.0/24"}}}),
			refusal(400, "AddressSpacesOverlap", "Address prefixes 10.0.0.0/16 and 10.0.1.0/24 of virtual network ~Microsoft.Network/virtualNetworks/x1 overlap."),
		},
		"an address space that leaves subnets out": {
			update("vnet", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressSpace": Map{"addressPrefixes": list{"10.9.0.0/16"}}}),
			refusal(400, "NetcfgInvalidSubnet", "Subnet 'brokers' is not valid because its IP address range is outside the IP address range of virtual network 'vnet': 10.0.0.0/24."),
		},
		"inline subnets that leave out one in use": {
			update("vnet", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressSpace": Map{"addressPrefixes": list{"10.0.0.0/16"}}, "subnets": list{}}),
			refusal(400, "InUseSubnetCannotBeDeleted", "Subnet brokers is in use by ~Microsoft.Network/loadBalancers/lb, ~Microsoft.Network/networkInterfaces/nic1 and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet."),
		},
		"a network with a subnet in use": {
			remove("vnet"),
			refusal(400, "InUseSubnetCannotBeDeleted", "Subnet brokers is in use by ~Microsoft.Network/loadBalancers/lb, ~Microsoft.Network/networkInterfaces/nic1 and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet."),
		},
		"a subnet outside the network": {
			create("Subnet", "x", subnet("x", "10.9.0.0/24")),
			refusal(400, "NetcfgInvalidSubnet", "Subnet 'x' is not valid because its IP address range is outside the IP address range of virtual network 'vnet': 10.9.0.0/24."),
		},
		"a subnet over another": {
			create("Subnet", "x", subnet("x", "10.0.0.128/25")),
			refusal(400, "NetcfgSubnetRangesOverlap", "Subnet 'x' is not valid because its IP address range overlaps with that of an existing subnet in virtual network 'vnet': 10.0.0.128/25 is in 10.0.0.0/24 of 'brokers'."),
		},
		"a subnet without room": {
			create("Subnet", "x", subnet("x", "10.0.9.0/30")),
			refusal(400, "NetcfgSubnetRangeTooSmall", "Subnet 'x' is not valid because its IP address range 10.0.9.0/30 is too small: the smallest is /29."),
		},
		"a subnet that is no CIDR": {
			create("Subnet", "x", subnet("x", "ten")),
			refusal(400, "InvalidAddressPrefixFormat", "Address prefix ten of resource ~Microsoft.Network/virtualNetworks/vnet/subnets/x is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24."),
		},
		"a small bastion subnet": {
			create("Subnet", "x", subnet("AzureBastionSubnet", "10.0.9.0/27")),
			refusal(400, "BastionSubnetTooSmall", "Subnet ~Microsoft.Network/virtualNetworks/vnet/subnets/AzureBastionSubnet must be /26 or larger, it is 10.0.9.0/27."),
		},
		"another range for a subnet in use": {
			update("brokers", subnet("brokers", "10.0.8.0/24")),
			refusal(400, "InUseSubnetCannotBeUpdated", "Subnet brokers is in use by ~Microsoft.Network/loadBalancers/lb, ~Microsoft.Network/networkInterfaces/nic1 and its address prefix cannot be changed from 10.0.0.0/24 to 10.0.8.0/24."),
		},
		"network policies on a service's subnet": {
			update("pls", subnet("pls", "10.0.1.0/28")),
			refusal(400, "PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet", "Private link service network policies cannot be enabled on subnet ~Microsoft.Network/virtualNetworks/vnet/subnets/pls: it holds private link service ~Microsoft.Network/privateLinkServices/service."),
		},
		"a subnet in use by a service": {
			remove("pls"),
			refusal(400, "InUseSubnetCannotBeDeleted", "Subnet pls is in use by ~Microsoft.Network/privateLinkServices/service and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet."),
		},

		// security groups
		"a group in use": {
			remove("nsg"),
			refusal(400, "InUseNetworkSecurityGroupCannotBeDeleted", "Network security group ~Microsoft.Network/networkSecurityGroups/nsg cannot be deleted because it is in use by the following resources: ~Microsoft.Network/virtualNetworks/vnet/subnets/brokers, ~Microsoft.Network/virtualNetworks/vnet/subnets/pls. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg."),
		},
		"two rules of one priority": {
			create("SecurityRule", "x", with(securityRule(), "securityRuleName", "x")),
			refusal(400, "SecurityRuleConflict", "Security rule x conflicts with rule rule. Rules cannot have the same Priority and Direction."),
		},
		"a rule without ports": {
			create("SecurityRule", "x", with(with(with(securityRule(), "securityRuleName", "x"), "priority", 200), "destinationPortRange", nil)),
			refusal(400, "SecurityRuleParameterNotSpecified", "Required security rule parameters are missing for security rule with Id: ~Microsoft.Network/networkSecurityGroups/nsg/securityRules/x. Security rule must specify either destinationPortRange or destinationPortRanges."),
		},
		"a rule with ports twice": {
			create("SecurityRule", "x", with(with(with(securityRule(), "securityRuleName", "x"), "priority", 200), "destinationPortRanges", list{"1"})),
			refusal(400, "SecurityRuleParametersConflict", "Security rule ~Microsoft.Network/networkSecurityGroups/nsg/securityRules/x must not specify both destinationPortRange and destinationPortRanges."),
		},
		"a rule with a strange port": {
			update("rule", with(securityRule(), "destinationPortRange", "9095-9093")),
			refusal(400, "SecurityRuleInvalidParameter", `Security rule ~Microsoft.Network/networkSecurityGroups/nsg/securityRules/rule has invalid value "9095-9093" in destinationPortRange.`),
		},
		"a rule with a strange source": {
			update("rule", with(securityRule(), "sourceAddressPrefix", "10.0.0.0/99")),
			refusal(400, "SecurityRuleInvalidParameter", `Security rule ~Microsoft.Network/networkSecurityGroups/nsg/securityRules/rule has invalid value "10.0.0.0/99" in sourceAddressPrefix.`),
		},

		// public addresses, NAT, bastion
		"a dynamic Standard address": {
			create("PublicIPAddress", "x", with(publicIP("x"), "publicIPAllocationMethod", "Dynamic")),
			refusal(400, "StandardSkuPublicIPAddressMustBeStatic", "Standard sku publicIp ~Microsoft.Network/publicIPAddresses/x must have AllocationMethod set to Static."),
		},
		"other zones for an address": {
			update("pip", with(publicIP("pip"), "zones", list{"1"})),
			refusal(409, "ResourceAvailabilityZonesCannotBeModified", "Resource ~Microsoft.Network/publicIPAddresses/pip has an existing availability zone constraint [] and the request has availability zone constraint [1], which do not match. Zones cannot be added, updated or removed once the resource is created."),
		},
		"an address in use": {
			remove("pip"),
			refusal(400, "PublicIPAddressCannotBeDeleted", "Public IP address ~Microsoft.Network/publicIPAddresses/pip can not be deleted since it is still allocated to resource ~Microsoft.Network/natGateways/nat. In order to delete the public IP, disassociate/detach the Public IP address from the resource."),
		},
		"an address used twice": {
			create("NatGateway", "x", Map{"resourceGroupName": "rg", "natGatewayName": "x", "sku": Map{"name": "Standard"}, "publicIpAddresses": list{Map{"id": prefix + "Microsoft.Network/publicIPAddresses/pip"}}}),
			refusal(400, "PublicIPAddressInUse", "Resource ~Microsoft.Network/natGateways/x is referencing public IP address ~Microsoft.Network/publicIPAddresses/pip that is already allocated to resource ~Microsoft.Network/natGateways/nat."),
		},
		"a NAT gateway without a sku": {
			create("NatGateway", "x", Map{"resourceGroupName": "rg", "natGatewayName": "x"}),
			refusal(400, "InvalidNatGatewaySku", "NAT gateway ~Microsoft.Network/natGateways/x must have the sku Standard."),
		},
		"a NAT gateway in two zones": {
			create("NatGateway", "x", Map{"resourceGroupName": "rg", "natGatewayName": "x", "sku": Map{"name": "Standard"}, "zones": list{"1", "2"}}),
			refusal(400, "NatGatewayZoneLimit", "NAT gateway ~Microsoft.Network/natGateways/x can be in at most one zone, it names [1 2]."),
		},
		"a NAT gateway with a Basic address": {
			after(create("PublicIPAddress", "basic", Map{"resourceGroupName": "rg", "publicIpAddressName": "basic"}),
				create("NatGateway", "x", Map{"resourceGroupName": "rg", "natGatewayName": "x", "sku": Map{"name": "Standard"}, "publicIpAddresses": list{Map{"id": prefix + "Microsoft.Network/publicIPAddresses/basic"}}})),
			refusal(400, "PublicIPAddressSkuMustBeStandard", "Resource ~Microsoft.Network/natGateways/x needs a Standard public IP address: ~Microsoft.Network/publicIPAddresses/basic is Basic."),
		},
		"a NAT gateway in use": {
			remove("nat"),
			refusal(400, "InUseNatGatewayCannotBeDeleted", "NAT gateway ~Microsoft.Network/natGateways/nat is in use by ~Microsoft.Network/virtualNetworks/vnet/subnets/brokers, ~Microsoft.Network/virtualNetworks/vnet/subnets/pls and cannot be deleted. Disassociate it from its subnets first."),
		},
		"a bastion in another subnet": {
			create("BastionHost", "x", Map{"resourceGroupName": "rg", "bastionHostName": "x", "ipConfigurations": list{
				Map{"name": "ip", "subnet": subnetID("brokers"), "publicIPAddress": Map{"id": prefix + "Microsoft.Network/publicIPAddresses/pip"}}}}),
			refusal(400, "BastionHostSubnetNameInvalid", "Bastion host ~Microsoft.Network/bastionHosts/x must be in a subnet named AzureBastionSubnet, not 'brokers'."),
		},
		"a bastion nowhere": {
			create("BastionHost", "x", Map{"resourceGroupName": "rg", "bastionHostName": "x"}),
			refusal(400, "BastionHostIpConfigurationCount", "Bastion host ~Microsoft.Network/bastionHosts/x must have exactly one IP configuration, it has 0."),
		},
	}
}
