package aws

import "github.com/kafkalink/kafkalink/lab/internal/reading"

// limits are properties that change what happens to packets or machines in AWS, and nothing here. An empty path is the
// resource itself.
var limits = reading.Limits{
	{tokenSubnet, "subnet", "mapCustomerOwnedIpOnLaunch", "its customer-owned addresses are left out"},
	{tokenNatGateway, "NAT gateway", "secondaryAllocationIds", "its secondary addresses are left out"},
	{tokenLoadBalancer, "load balancer", "enableZonalShift", "nothing is shifted out of a zone"},
	{tokenEndpointService, "endpoint service", "privateDnsName", "its private name is left out"},
	{tokenEndpointService, "endpoint service", "gatewayLoadBalancerArns", "its gateway load balancers are left out"},
	{tokenInstance, "instance", "hibernation", "it is stopped all the same"},
	{tokenInstance, "instance", "ebsBlockDevices", "volumes made along with it are left out"},
	{tokenInstance, "instance", "instanceMarketOptions", "nobody takes it back"},
}
