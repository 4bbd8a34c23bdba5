package aws

import "github.com/kafkalink/kafkalink/simcloud"

// limits are properties that change what happens to packets or machines in AWS, and nothing here. An empty path is the
// resource itself.
var limits = []struct{ token, kind, path, what string }{
	{tokenSubnet, "subnet", "mapCustomerOwnedIpOnLaunch", "its customer-owned addresses are left out"},
	{tokenNatGateway, "NAT gateway", "secondaryAllocationIds", "its secondary addresses are left out"},
	{tokenLoadBalancer, "load balancer", "enableZonalShift", "nothing is shifted out of a zone"},
	{tokenEndpointService, "endpoint service", "privateDnsName", "its private name is left out"},
	{tokenEndpointService, "endpoint service", "gatewayLoadBalancerArns", "its gateway load balancers are left out"},
	{tokenInstance, "instance", "hibernation", "it is stopped all the same"},
	{tokenInstance, "instance", "ebsBlockDevices", "volumes made along with it are left out"},
	{tokenInstance, "instance", "instanceMarketOptions", "nobody takes it back"},
}

func (r *reader) sayUnmodelled() {
	for _, limit := range limits {
		for _, resource := range r.List(limit.token) {
			if limit.path == "" || given(resource.Properties, limit.path) {
				r.say("%s: %s", called(limit.kind, resource), limit.what)
			}
		}
	}
}

// given says whether a property is there and says something: not false, and no empty list or object.
func given(p simcloud.Properties, path string) bool {
	switch value := p.Get(path).(type) {
	case nil:
		return false
	case bool:
		return value
	case []any:
		return len(value) > 0
	case map[string]any:
		return len(value) > 0
	case simcloud.Properties:
		return len(value) > 0
	}
	return true
}
