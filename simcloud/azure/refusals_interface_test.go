package azure_test

// interfaceRefusals are refusals of network interfaces.
func interfaceRefusals() map[string]situation {
	return map[string]situation{
		"an interface without configuration": {
			create("NetworkInterface", "x", Map{"resourceGroupName": "rg", "networkInterfaceName": "x"}),
			refusal(400, "NetworkInterfaceMustHaveAtleastOneIpConfiguration", "Network Interface ~Microsoft.Network/networkInterfaces/x must have at least one IP configuration."),
		},
		"a configuration without a name": {
			create("NetworkInterface", "x", nicWith("x", "name", nil)),
			refusal(400, "MissingNameInResource", "ipConfigurations[0] of resource ~Microsoft.Network/networkInterfaces/x has no name."),
		},
		"a configuration without a subnet": {
			create("NetworkInterface", "x", nicWith("x", "subnet", nil)),
			refusal(400, "SubnetMissingInIpConfiguration", "IP configuration 'ip' of network interface ~Microsoft.Network/networkInterfaces/x must name a subnet."),
		},
		"two configurations of one name": {
			create("NetworkInterface", "x", with(nic("x"), "ipConfigurations", list{Map{"name": "ip", "subnet": subnetID("brokers")}, Map{"name": "ip", "subnet": subnetID("brokers")}})),
			refusal(400, "DuplicateResourceName", "Resource ~Microsoft.Network/networkInterfaces/x has two children with the same name 'ip' in ipConfigurations."),
		},
		"configurations in two networks": {
			after(otherNetwork, create("NetworkInterface", "x", with(nic("x"), "ipConfigurations", list{Map{"name": "a", "subnet": subnetID("brokers")}, Map{"name": "b", "subnet": inOther()}}))),
			refusal(400, "SubnetsNotInSameVnet", "Subnets of network interface ~Microsoft.Network/networkInterfaces/x are in different virtual networks: ~Microsoft.Network/virtualNetworks/vnet and ~Microsoft.Network/virtualNetworks/other."),
		},
		"an interface that changes networks": {
			after(otherNetwork, update("nic1", nicWith("nic1", "subnet", inOther()))),
			refusal(400, "CannotChangeVirtualNetworkOfNic", "Network interface ~Microsoft.Network/networkInterfaces/nic1 cannot move from virtual network ~Microsoft.Network/virtualNetworks/vnet to ~Microsoft.Network/virtualNetworks/other."),
		},
		"a pool of a balancer in another network": {
			after(otherNetwork, create("NetworkInterface", "x", nicWith("x", "subnet", inOther(), "pool1"))),
			refusal(400, "NetworkInterfaceAndInternalLoadBalancerMustUseSameVnet", "Network interface ~Microsoft.Network/networkInterfaces/x uses internal load balancer ~Microsoft.Network/loadBalancers/lb of another virtual network: they must be in the same one."),
		},
		"accelerated networking of a running machine": {
			update("nic1", with(nic("nic1"), "enableAcceleratedNetworking", true)),
			refusal(409, "OperationNotAllowed", "Accelerated networking of network interface ~Microsoft.Network/networkInterfaces/nic1 cannot be changed: VM vm1 must be deallocated."),
		},
		"an IPv6 configuration in an IPv4 subnet": {
			create("NetworkInterface", "x", nicWith("x", "privateIPAddressVersion", "IPv6")),
			refusal(400, "IPv6ConfigurationInSubnetWithoutIPv6Prefix", "IP configuration ~Microsoft.Network/networkInterfaces/x/ipConfigurations/ip is of version IPv6, and subnet ~Microsoft.Network/virtualNetworks/vnet/subnets/brokers has no IPv6 address prefix."),
		},
		"a static address taken": {
			create("NetworkInterface", "x", nicWith("x", "privateIPAllocationMethod", "Static")),
			refusal(400, "PrivateIPAddressMissing", "IP configuration ~Microsoft.Network/networkInterfaces/x/ipConfigurations/ip uses static allocation and must have a private IP address."),
		},
		"an address of another": {
			create("NetworkInterface", "x", with(nic("x"), "ipConfigurations", list{Map{"name": "ip", "subnet": subnetID("brokers"), "privateIPAllocationMethod": "Static", "privateIPAddress": "10.0.0.5"}})),
			refusal(400, "PrivateIPAddressIsAllocated", "IP configuration ~Microsoft.Network/networkInterfaces/x/ipConfigurations/ip is using the private IP address 10.0.0.5 which is already allocated to resource ~Microsoft.Network/networkInterfaces/nic1/ipConfigurations/ip."),
		},
		"an address Azure keeps": {
			create("NetworkInterface", "x", with(nic("x"), "ipConfigurations", list{Map{"name": "ip", "subnet": subnetID("brokers"), "privateIPAllocationMethod": "Static", "privateIPAddress": "10.0.0.3"}})),
			refusal(400, "PrivateIPAddressInReservedRange", "Private static IP address 10.0.0.3 falls within reserved IP range of subnet prefix 10.0.0.0/24."),
		},
		"an address elsewhere": {
			create("NetworkInterface", "x", with(nic("x"), "ipConfigurations", list{Map{"name": "ip", "subnet": subnetID("brokers"), "privateIPAllocationMethod": "Static", "privateIPAddress": "10.0.7.9"}})),
			refusal(400, "PrivateIPAddressNotInSubnet", "Private static IP address 10.0.7.9 does not belong to the range of subnet prefix 10.0.0.0/24."),
		},
		"a full subnet": {
			after(create("Subnet", "tiny", subnet("tiny", "10.0.9.0/29")), create("NetworkInterface", "x", with(nic("x"), "ipConfigurations", list{
				Map{"name": "a", "subnet": subnetID("tiny")}, Map{"name": "b", "subnet": subnetID("tiny")}, Map{"name": "c", "subnet": subnetID("tiny")}, Map{"name": "d", "subnet": subnetID("tiny")}}))),
			refusal(400, "SubnetIsFull", "Subnet ~Microsoft.Network/virtualNetworks/vnet/subnets/tiny with address prefix 10.0.9.0/29 does not have enough capacity for 1 IP addresses."),
		},
		"an interface in use": {
			remove("nic1"),
			refusal(400, "NicInUse", "Network Interface ~Microsoft.Network/networkInterfaces/nic1 is used by existing resource ~Microsoft.Compute/virtualMachines/vm1. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic."),
		},
		"an interface where two rules meet": {
			after(secondBalancer, update("nic1", with(nic("nic1"), "ipConfigurations", list{Map{"name": "ip", "subnet": subnetID("brokers"), "loadBalancerBackendAddressPools": list{
				part("backendAddressPools", "pool1"), Map{"id": prefix + "Microsoft.Network/loadBalancers/lb2/backendAddressPools/pool1"}}}}))),
			refusal(400, "RulesOfSameLoadBalancerTypeUseSameBackendPortProtocolAndIPConfig", "Load balancer rules ~Microsoft.Network/loadBalancers/lb/loadBalancingRules/rule1 and ~Microsoft.Network/loadBalancers/lb2/loadBalancingRules/rule1 belong to the load balancer of the same type and use the same backend port 39092 and protocol Tcp with floatingIP disabled, must not be used with the same backend IP configuration ~Microsoft.Network/networkInterfaces/nic1/ipConfigurations/ip."),
		},
	}
}
