package azure

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// LinkArgs says whom a cluster is exposed to.
type LinkArgs struct {
	// Cluster whose brokers are reached, and Links that share this endpoint; the port maps follow from the two.
	Cluster *kafka.Cluster `pulumi:"cluster"`
	Links   []LinkRoutes   `pulumi:"links"`
	// Plan of the endpoint service, with its defaults, and valid.
	Plan LinkPlan `pulumi:"plan"`
	// ResourceGroupName of everything made here.
	ResourceGroupName pulumi.StringInput `pulumi:"resourceGroupName"`
	// BrokersSubnetID holds the frontend, NATSubnetID the addresses consumers appear to come from.
	BrokersSubnetID pulumi.StringInput `pulumi:"brokersSubnetId"`
	NATSubnetID     pulumi.StringInput `pulumi:"natSubnetId"`
	// Retire takes the service's protection away, so that the link can be removed afterwards.
	Retire bool `pulumi:"retire"`
	// Tags of everything made here.
	Tags map[string]string `pulumi:"tags"`
}

// LinkRoutes is one link's share of an endpoint: its rules and probes.
type LinkRoutes struct {
	Link kafka.Link `pulumi:"link"`
	// Rule and Probe are the prefixes of names; the node id follows.
	Rule  string `pulumi:"rule"`
	Probe string `pulumi:"probe"`
}

// Link is an internal load balancer with a pool per broker and a rule and probe per broker and link, and the Private
// Link Service that carries it to other accounts.
type Link struct {
	pulumi.ResourceState

	// Alias is the Private Link Service's name for its consumers.
	Alias pulumi.StringOutput `pulumi:"alias"`
	// ServiceID is its resource id.
	ServiceID pulumi.StringOutput `pulumi:"serviceId"`
	// Pools are the backend pools, by node id; a broker's network interface joins its own.
	Pools map[string]pulumi.StringOutput `pulumi:"pools"`
}

// NewLink makes the endpoint service. The brokers' interfaces join its pools afterwards.
func NewLink(ctx *pulumi.Context, name string, args *LinkArgs, opts ...pulumi.ResourceOption) (*Link, error) {
	l := &Link{Pools: map[string]pulumi.StringOutput{}}
	if err := ctx.RegisterComponentResource("kafkalink:azure:Link", name, l, opts...); err != nil {
		return nil, err
	}
	ids := partIDs(args)
	balancer, err := network.NewLoadBalancer(ctx, name+"-lb", loadBalancer(args, ids), pulumi.Parent(l))
	if err != nil {
		return nil, err
	}
	// The pools' ids are known from their names, but they exist only when the load balancer does.
	for _, n := range args.Cluster.Brokers() {
		l.Pools[itoa(n.ID)] = after(balancer, ids("backendAddressPools", poolName(args.Plan, n)))
	}
	service, err := network.NewPrivateLinkService(ctx, name+"-service", &network.PrivateLinkServiceArgs{
		ResourceGroupName:   args.ResourceGroupName,
		ServiceName:         pulumi.String(args.Plan.Service),
		EnableProxyProtocol: pulumi.Bool(false), // Kafka does not parse it
		LoadBalancerFrontendIpConfigurations: network.FrontendIPConfigurationArray{&network.FrontendIPConfigurationArgs{
			Id: after(balancer, ids("frontendIPConfigurations", args.Plan.Frontend)).ToStringPtrOutput(),
		}},
		IpConfigurations: natAddresses(args),
		Visibility:       &network.PrivateLinkServicePropertiesVisibilityArgs{Subscriptions: pulumi.ToStringArray(args.Plan.Visibility)},
		AutoApproval:     &network.PrivateLinkServicePropertiesAutoApprovalArgs{Subscriptions: pulumi.ToStringArray(args.Plan.AutoApproval)},
		Tags:             pulumi.ToStringMap(args.Tags),
		// A replaced service has another alias, and every consumer would have to be told.
	}, pulumi.Parent(l), pulumi.Protect(!args.Retire))
	if err != nil {
		return nil, err
	}
	l.Alias, l.ServiceID = service.Alias, service.ID().ToStringOutput()
	pools := pulumi.StringMap{}
	for id, pool := range l.Pools {
		pools[id] = pool
	}
	return l, ctx.RegisterResourceOutputs(l, pulumi.Map{"alias": l.Alias, "serviceId": l.ServiceID, "pools": pools})
}

func loadBalancer(args *LinkArgs, ids func(kind, name string) pulumi.StringOutput) *network.LoadBalancerArgs {
	pools := network.BackendAddressPoolArray{}
	for _, n := range args.Cluster.Brokers() {
		pools = append(pools, &network.BackendAddressPoolArgs{Name: pulumi.String(poolName(args.Plan, n))})
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

// frontendZones makes the frontend zone-redundant, but for a cluster in a region without zones.
func frontendZones(c *kafka.Cluster) pulumi.StringArray {
	for _, n := range c.Nodes {
		if n.Zone != "" {
			return pulumi.ToStringArray([]string{"1", "2", "3"})
		}
	}
	return nil
}

// rule leads one endpoint port to one broker's listener.
func rule(plan LinkPlan, share LinkRoutes, route kafka.Route, ids func(kind, name string) pulumi.StringOutput) *network.LoadBalancingRuleArgs {
	ref := func(kind, name string) *network.SubResourceArgs {
		return &network.SubResourceArgs{Id: ids(kind, name).ToStringPtrOutput()}
	}
	return &network.LoadBalancingRuleArgs{
		Name:                    pulumi.String(share.Rule + itoa(route.NodeID)),
		Protocol:                pulumi.String("Tcp"),
		FrontendPort:            pulumi.Int(route.EndpointPort),
		BackendPort:             pulumi.Int(route.ListenerPort),
		FrontendIPConfiguration: ref("frontendIPConfigurations", plan.Frontend),
		BackendAddressPool:      ref("backendAddressPools", plan.Pool+itoa(route.NodeID)),
		Probe:                   ref("probes", share.Probe+itoa(route.NodeID)),
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
		Name:              pulumi.String(share.Probe + itoa(route.NodeID)),
		Protocol:          pulumi.String("Tcp"),
		Port:              pulumi.Int(route.ListenerPort),
		IntervalInSeconds: pulumi.Int(5),
		NumberOfProbes:    pulumi.Int(1),
		ProbeThreshold:    pulumi.Int(2),
	}
}

func natAddresses(args *LinkArgs) network.PrivateLinkServiceIpConfigurationArray {
	var list network.PrivateLinkServiceIpConfigurationArray
	for i := range args.Plan.NATAddresses {
		list = append(list, &network.PrivateLinkServiceIpConfigurationArgs{
			Name:                      pulumi.String("nat-" + itoa(i+1)),
			Primary:                   pulumi.Bool(i == 0),
			PrivateIPAllocationMethod: pulumi.String("Dynamic"),
			PrivateIPAddressVersion:   pulumi.String("IPv4"),
			Subnet:                    &network.SubnetTypeArgs{Id: args.NATSubnetID.ToStringOutput().ToStringPtrOutput()},
		})
	}
	return list
}

func poolName(plan LinkPlan, n kafka.Node) string { return plan.Pool + itoa(n.ID) }

// partIDs names the parts of the load balancer before it exists: its rules refer to its own pools, probes and
// frontends by full id. The subnet's id tells the subscription.
func partIDs(args *LinkArgs) func(kind, name string) pulumi.StringOutput {
	return func(kind, name string) pulumi.StringOutput {
		return pulumi.All(args.BrokersSubnetID, args.ResourceGroupName).ApplyT(func(v []any) (string, error) {
			subnet, ok := parseSubnetID(v[0].(string))
			if !ok {
				return "", fmt.Errorf("%q is not the resource id of a subnet", v[0])
			}
			return fmt.Sprintf("/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network/loadBalancers/%s/%s/%s",
				subnet.subscription, v[1], args.Plan.LoadBalancer, kind, name), nil
		}).(pulumi.StringOutput)
	}
}

// after is a value that is there only when a resource is.
func after(r pulumi.CustomResource, value pulumi.StringOutput) pulumi.StringOutput {
	return pulumi.All(r.ID(), value).ApplyT(func(v []any) string { return v[1].(string) }).(pulumi.StringOutput)
}
