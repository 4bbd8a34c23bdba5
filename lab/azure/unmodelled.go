package azure

import "github.com/kafkalink/kafkalink/lab/internal/reading"

// limits are properties that change what happens to packets or machines in Azure, and nothing here.
var limits = reading.Limits{
	{tokenBastionHost, "bastion host", "", "nobody connects through it"},
	{tokenVirtualNetwork, "virtual network", "virtualNetworkPeerings", "its peerings are left out, nothing crosses over"},
	{tokenVirtualNetwork, "virtual network", "dhcpOptions.dnsServers", "its own DNS servers are left out"},
	{tokenSubnet, "subnet", "routeTable", "its route table is left out: packets take Azure's own routes"},
	{tokenNATGateway, "NAT gateway", "publicIpPrefixes", "its public IP prefixes are left out"},
	{tokenNetworkInterface, "network interface", "dnsSettings.dnsServers", "its own DNS servers are left out"},
	{tokenNetworkInterface, "network interface", "disableTcpStateTracking", "connections are tracked all the same"},
	{tokenLoadBalancer, "load balancer", "inboundNatRules", "its inbound NAT rules are left out"},
	{tokenLoadBalancer, "load balancer", "inboundNatPools", "its inbound NAT pools are left out"},
	{tokenLoadBalancer, "load balancer", "outboundRules", "its outbound rules are left out: it is no way out"},
	{tokenPrivateLinkService, "private link service", "enableProxyProtocol", "no proxy protocol header is sent"},
	{tokenVirtualMachine, "virtual machine", "osProfile.windowsConfiguration", "it runs Linux all the same"},
}
