package azure_test

// loadBalancerRefusals are refusals of load balancers.
func loadBalancerRefusals() map[string]situation {
	return map[string]situation{
		"two rules that send to one port of one pool": {
			update("lb", lbWith("loadBalancingRules", 1, "backendAddressPool", part("backendAddressPools", "pool1"))),
			refusal(400, "RulesUseSameBackendPortProtocolAndPool", "Load balancing rules rule1 and rule2 with floating IP disabled use the same protocol Tcp and backend port 39092, and must not be used with the same backend address pool pool1."),
		},
		"two rules that meet at a member of two pools": {
			after(update("lb", lbWith("loadBalancingRules", 1, "backendPort", 39093)), after(update("nic1", nic("nic1", "pool1", "pool2")), update("lb", loadBalancer()))),
			refusal(400, "RulesUseSameBackendPortProtocolAndIPConfig", "Load balancer rules ~Microsoft.Network/loadBalancers/lb/loadBalancingRules/rule1 and ~Microsoft.Network/loadBalancers/lb/loadBalancingRules/rule2 with floating IP disabled use the same backend port 39092 and protocol Tcp, and must not be used with the same backend IP ~Microsoft.Network/networkInterfaces/nic1/ipConfigurations/ip."),
		},
		"more rules than a balancer takes": {
			update("lb", with(loadBalancer(), "loadBalancingRules", manyRules(1501))),
			refusal(400, "LoadBalancingRuleCountLimitReached", "Load balancer ~Microsoft.Network/loadBalancers/lb has 1501 rules, the limit is 1500."),
		},
		"more rules than an interface takes": {
			update("lb", with(loadBalancer(), "loadBalancingRules", manyRules(301))),
			refusal(400, "NetworkInterfaceRuleCountLimitReached", "IP configuration ~Microsoft.Network/networkInterfaces/nic1/ipConfigurations/ip would be in 301 load balancing rules, the limit is 300."),
		},
		"two rules on one port": {
			update("lb", lbWith("loadBalancingRules", 1, "frontendPort", 9093)),
			refusal(400, "RulesUseSameFrontendPortProtocolAndIPConfig", "Load balancing rules rule1 and rule2 use the same frontend port 9093 and protocol Tcp with the same frontend IP configuration."),
		},
		"a rule for any port of one protocol": {
			update("lb", lbWith("loadBalancingRules", 1, "frontendPort", 0)),
			refusal(400, "LoadBalancingRulePortsInvalid", "Load balancing rule rule2 has frontend port 0 and backend port 39092: port 0 needs protocol All and both ports 0."),
		},
		"a rule with the probe of another balancer": {
			after(secondBalancer, update("lb", lbWith("loadBalancingRules", 0, "probe.id", prefix+"Microsoft.Network/loadBalancers/lb2/probes/probe"))),
			refusal(400, "InvalidResourceReference", "Resource ~Microsoft.Network/loadBalancers/lb2/probes/probe referenced by 'loadBalancingRules[0].probe.id' was not found. Please make sure that the referenced resource exists, and that both resources are in the same region."),
		},
		"a rule with a pool that is not there": {
			update("lb", lbWith("loadBalancingRules", 0, "backendAddressPool", part("backendAddressPools", "pool9"))),
			refusal(400, "InvalidResourceReference", "Resource ~Microsoft.Network/loadBalancers/lb/backendAddressPools/pool9 referenced by 'loadBalancingRules[0].backendAddressPool.id' was not found. Please make sure that the referenced resource exists, and that both resources are in the same region."),
		},
		"a rule without a frontend": {
			update("lb", lbWith("loadBalancingRules", 0, "frontendIPConfiguration", nil)),
			refusal(400, "LoadBalancingRuleMissingFrontend", "Load balancing rule rule1 must reference a frontend IP configuration."),
		},
		"a frontend in two places": {
			update("lb", lbWith("frontendIPConfigurations", 0, "publicIPAddress.id", prefix+"Microsoft.Network/publicIPAddresses/pip")),
			refusal(400, "FrontendIPConfigHasBothSubnetAndPublicIP", "Frontend IP Configuration ~Microsoft.Network/loadBalancers/lb/frontendIPConfigurations/front must not reference both a Subnet and a Public IP Address."),
		},
		"a frontend nowhere": {
			update("lb", lbWith("frontendIPConfigurations", 0, "subnet", nil)),
			refusal(400, "FrontendIPConfigMustReferenceSubnetOrPublicIP", "Frontend IP Configuration ~Microsoft.Network/loadBalancers/lb/frontendIPConfigurations/front must reference either a Subnet or a Public IP Address."),
		},
		"zones on a Basic balancer": {
			create("LoadBalancer", "x", with(with(loadBalancer(), "sku", nil), "loadBalancerName", "x")),
			refusal(400, "ZonesNotAllowedForBasicSku", "Frontend IP Configuration ~Microsoft.Network/loadBalancers/x/frontendIPConfigurations/front names zones, which needs a load balancer of sku Standard."),
		},
		"another tier": {
			update("lb", with(loadBalancer(), "sku.tier", "Global")),
			refusal(400, "SkuCannotBeChanged", "SKU property cannot be updated for existing resource ~Microsoft.Network/loadBalancers/lb: from Regional to Global."),
		},
		"another sku": {
			update("lb", with(loadBalancer(), "sku.name", "Basic")),
			refusal(400, "SkuCannotBeChanged", "SKU property cannot be updated for existing resource ~Microsoft.Network/loadBalancers/lb: from Standard to Basic."),
		},
		"a probe path for Tcp": {
			update("lb", lbWith("probes", 0, "requestPath", "/")),
			refusal(400, "ProbeRequestPathInvalid", "Probe probe of protocol Tcp: requestPath is required for Http and Https and must be absent for Tcp."),
		},
		"a frontend in use by a service that goes": {
			update("lb", with(with(lbWith("frontendIPConfigurations", 0, "name", "other"), "loadBalancingRules", list{}), "probes", list{})),
			refusal(400, "LoadBalancerFrontendIPConfigurationInUseByPrivateLinkService", "Frontend IP configuration ~Microsoft.Network/loadBalancers/lb/frontendIPConfigurations/front cannot be deleted: it is in use by private link service ~Microsoft.Network/privateLinkServices/service."),
		},
		"a balancer in use by a service": {
			remove("lb"),
			refusal(400, "LoadBalancerFrontendIPConfigurationInUseByPrivateLinkService", "Frontend IP configuration ~Microsoft.Network/loadBalancers/lb/frontendIPConfigurations/front cannot be deleted: it is in use by private link service ~Microsoft.Network/privateLinkServices/service."),
		},
	}
}
