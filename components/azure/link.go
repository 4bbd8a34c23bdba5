package azure

import (
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
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
	subscription, err := subscription(ctx, pulumi.Parent(l))
	if err != nil {
		return nil, err
	}
	ids := partIDs(args, subscription)
	balancer, err := network.NewLoadBalancer(ctx, name+"-lb", loadBalancer(args, ids), pulumi.Parent(l))
	if err != nil {
		return nil, err
	}
	// The pools' ids are known from their names, but they exist only when the load balancer does.
	for _, n := range args.Cluster.Brokers() {
		l.Pools[strconv.Itoa(n.ID)] = rolling.After(ids("backendAddressPools", poolName(args.Plan, n.ID)), balancer)
	}
	service, err := network.NewPrivateLinkService(ctx, name+"-service", &network.PrivateLinkServiceArgs{
		ResourceGroupName:   args.ResourceGroupName,
		ServiceName:         pulumi.String(args.Plan.Service),
		EnableProxyProtocol: pulumi.Bool(false), // Kafka does not parse it
		LoadBalancerFrontendIpConfigurations: network.FrontendIPConfigurationArray{&network.FrontendIPConfigurationArgs{
			Id: rolling.After(ids("frontendIPConfigurations", args.Plan.Frontend), balancer).ToStringPtrOutput(),
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

func natAddresses(args *LinkArgs) network.PrivateLinkServiceIpConfigurationArray {
	var list network.PrivateLinkServiceIpConfigurationArray
	for i := range args.Plan.NATAddresses {
		list = append(list, &network.PrivateLinkServiceIpConfigurationArgs{
			Name:                      pulumi.String("nat-" + strconv.Itoa(i+1)),
			Primary:                   pulumi.Bool(i == 0),
			PrivateIPAllocationMethod: pulumi.String("Dynamic"),
			PrivateIPAddressVersion:   pulumi.String("IPv4"),
			Subnet:                    &network.SubnetTypeArgs{Id: args.NATSubnetID.ToStringOutput().ToStringPtrOutput()},
		})
	}
	return list
}
