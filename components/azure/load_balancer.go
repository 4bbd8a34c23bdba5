package azure

import (
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func loadBalancer(args *LinkArgs, ids func(kind, name string) pulumi.StringOutput) *network.LoadBalancerArgs {
	pools := network.BackendAddressPoolArray{}
	for _, n := range args.Cluster.Brokers() {
		pools = append(pools, &network.BackendAddressPoolArgs{Name: pulumi.String(poolName(args.Plan, n.ID))})
	}
	rules, probes := network.LoadBalancingRuleArray{}, network.ProbeArray{}
	for _, share := range args.Links {
		for _, route := range args.Cluster.PortMap(share.Link) {
			rules = append(rules, rule(args.Plan, share, route, ids))
			probes = append(probes, probe(share, route))
		}
	}
	return &network.LoadBalancerArgs{
		ResourceGroupName: args.ResourceGroupName,
		LoadBalancerName:  pulumi.String(args.Plan.LoadBalancer),
		Sku:               &network.LoadBalancerSkuArgs{Name: pulumi.String("Standard"), Tier: pulumi.String("Regional")},
		FrontendIPConfigurations: network.FrontendIPConfigurationArray{&network.FrontendIPConfigurationArgs{
			Name:                      pulumi.String(args.Plan.Frontend),
			PrivateIPAllocationMethod: pulumi.String("Dynamic"),
			PrivateIPAddressVersion:   pulumi.String("IPv4"),
			Subnet:                    &network.SubnetTypeArgs{Id: args.BrokersSubnetID.ToStringOutput().ToStringPtrOutput()},
			Zones:                     frontendZones(args.Cluster),
		}},
		BackendAddressPools: pools,
		LoadBalancingRules:  rules,
		Probes:              probes,
		Tags:                pulumi.ToStringMap(args.Tags),
	}
}

// rule leads one endpoint port to one broker's listener.
func rule(plan LinkPlan, share LinkRoutes, route kafka.Route, ids func(kind, name string) pulumi.StringOutput) *network.LoadBalancingRuleArgs {
	ref := func(kind, name string) *network.SubResourceArgs {
		return &network.SubResourceArgs{Id: ids(kind, name).ToStringPtrOutput()}
	}
	return &network.LoadBalancingRuleArgs{
		Name:                    pulumi.String(share.Rule + strconv.Itoa(route.NodeID)),
		Protocol:                pulumi.String("Tcp"),
		FrontendPort:            pulumi.Int(route.EndpointPort),
		BackendPort:             pulumi.Int(route.ListenerPort),
		FrontendIPConfiguration: ref("frontendIPConfigurations", plan.Frontend),
		BackendAddressPool:      ref("backendAddressPools", poolName(plan, route.NodeID)),
		Probe:                   ref("probes", share.Probe+strconv.Itoa(route.NodeID)),
		IdleTimeoutInMinutes:    pulumi.Int(plan.IdleTimeoutMinutes),
		EnableTcpReset:          pulumi.Bool(true), // otherwise idle flows vanish without a word
		EnableFloatingIP:        pulumi.Bool(false),
		DisableOutboundSnat:     pulumi.Bool(true), // the way out is the NAT gateway
		LoadDistribution:        pulumi.String("Default"),
	}
}

// probe asks one broker's listener itself, so that a broker that does not serve the link gets none of its traffic.
func probe(share LinkRoutes, route kafka.Route) *network.ProbeArgs {
	return &network.ProbeArgs{
		Name:              pulumi.String(share.Probe + strconv.Itoa(route.NodeID)),
		Protocol:          pulumi.String("Tcp"),
		Port:              pulumi.Int(route.ListenerPort),
		IntervalInSeconds: pulumi.Int(5),
		NumberOfProbes:    pulumi.Int(1),
		ProbeThreshold:    pulumi.Int(2),
	}
}

func poolName(plan LinkPlan, node int) string { return plan.Pool + strconv.Itoa(node) }

// partIDs names the parts of the load balancer before it exists: its rules refer to its own pools, probes and
// frontends by full id. It is made in the provider's subscription; the subnet may be of another, as shared networks are.
func partIDs(args *LinkArgs, subscription string) func(kind, name string) pulumi.StringOutput {
	return func(kind, name string) pulumi.StringOutput {
		return pulumi.Sprintf("/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network/loadBalancers/%s/%s/%s",
			subscription, args.ResourceGroupName, args.Plan.LoadBalancer, kind, name)
	}
}
