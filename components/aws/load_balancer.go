package aws

import (
	"maps"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newLoadBalancer has a node in every zone. Without cross-zone, a zone's node leads to brokers of that zone alone, and a
// consumer finds a broker's zone in its name.
func newLoadBalancer(ctx *pulumi.Context, name string, args *LinkArgs, group pulumi.StringInput, parent pulumi.Resource) (*lb.LoadBalancer, error) {
	var subnets pulumi.StringArray
	for _, zone := range slices.Sorted(maps.Keys(args.SubnetIDs)) {
		subnets = append(subnets, args.SubnetIDs[zone])
	}
	return lb.NewLoadBalancer(ctx, name+"-lb", &lb.LoadBalancerArgs{
		Name:                         pulumi.String(args.Plan.LoadBalancer),
		LoadBalancerType:             pulumi.String("network"),
		Internal:                     pulumi.Bool(true),
		Subnets:                      subnets,
		SecurityGroups:               pulumi.StringArray{group},
		EnableCrossZoneLoadBalancing: pulumi.Bool(args.Plan.CrossZone),
		EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: pulumi.String("on"),
		Tags: named(args.Tags, args.Plan.LoadBalancer, nil),
	}, pulumi.Parent(parent))
}

// newRoutes leads each endpoint port of a link to one broker's listener, and the bootstrap port to all.
func newRoutes(ctx *pulumi.Context, endpoint string, args *LinkArgs, share LinkRoutes, balancer *lb.LoadBalancer, parent pulumi.Resource) error {
	name := endpoint + "-for-" + share.Link.Name
	routes := args.Cluster.PortMap(share.Link)
	var all []int
	for _, route := range routes {
		node := strconv.Itoa(route.NodeID)
		all = append(all, route.NodeID)
		one := forwarding{endpoint: endpoint, name: name + "-" + node, group: share.TargetGroup + node, nodes: []int{route.NodeID}}
		if err := one.register(ctx, args, share, balancer, route.EndpointPort, parent); err != nil {
			return err
		}
	}
	if share.Link.BootstrapPort == 0 {
		return nil
	}
	bootstrap := forwarding{endpoint: endpoint, name: name + "-bootstrap", group: share.BootstrapTargetGroup, nodes: all}
	return bootstrap.register(ctx, args, share, balancer, share.Link.BootstrapPort, parent)
}

// forwarding is what one endpoint port leads to.
type forwarding struct {
	endpoint, name, group string
	nodes                 []int
}

// groupPort is what AWS wants of a target group and nothing uses, because every target says its own port. It never changes:
// that would replace the group under its listener.
const groupPort = 9092

func (d forwarding) register(ctx *pulumi.Context, args *LinkArgs, share LinkRoutes, balancer *lb.LoadBalancer, port int, parent pulumi.Resource) error {
	group, err := lb.NewTargetGroup(ctx, d.name+"-targets", &lb.TargetGroupArgs{
		Name:             pulumi.String(d.group),
		VpcId:            args.VPCID.ToStringOutput().ToStringPtrOutput(),
		TargetType:       pulumi.String("ip"),
		Protocol:         pulumi.String("TCP"),
		Port:             pulumi.Int(groupPort),
		PreserveClientIp: pulumi.String("false"), // brokers see the load balancer, whose security group they admit
		ProxyProtocolV2:  pulumi.Bool(false),     // Kafka does not parse it
		// What AWS does by itself: said, so that a change in the console shows as drift.
		LoadBalancingCrossZoneEnabled: pulumi.String("use_load_balancer_configuration"),
		ConnectionTermination:         pulumi.Bool(false),
		HealthCheck: &lb.TargetGroupHealthCheckArgs{
			Protocol:           pulumi.String("TCP"),
			Port:               pulumi.String("traffic-port"),
			Interval:           pulumi.Int(5),
			Timeout:            pulumi.Int(4), // AWS wants it below the interval
			HealthyThreshold:   pulumi.Int(2),
			UnhealthyThreshold: pulumi.Int(2),
		},
		TargetGroupHealth: &lb.TargetGroupTargetGroupHealthArgs{
			// No zone leaves the load balancer's name. It would for want of healthy targets in one group, and a broker's own has
			// them in one zone alone; the bootstrap group's are all away while the only broker of a zone restarts, and resolvers
			// remember the name without the zone for a minute, when the next broker is out. Clients try a name's other addresses.
			DnsFailover: &lb.TargetGroupTargetGroupHealthDnsFailoverArgs{
				MinimumHealthyTargetsCount: pulumi.String("off"), MinimumHealthyTargetsPercentage: pulumi.String("off"),
			},
			UnhealthyStateRouting: &lb.TargetGroupTargetGroupHealthUnhealthyStateRoutingArgs{
				MinimumHealthyTargetsCount: pulumi.Int(1), MinimumHealthyTargetsPercentage: pulumi.String("off"),
			},
		},
		Tags: named(args.Tags, d.group, nil),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	for _, id := range d.nodes {
		node := strconv.Itoa(id)
		if _, err := lb.NewTargetGroupAttachment(ctx, d.name+"-target-"+node, &lb.TargetGroupAttachmentArgs{
			TargetGroupArn: group.Arn, TargetId: args.Targets[node], Port: pulumi.Int(share.Link.ListenerPort),
		}, pulumi.Parent(parent)); err != nil {
			return err
		}
	}
	// Named by the port: a load balancer has one listener for each, and a broker's port may become another one's, or another
	// link's. Then the listener stays, and leads elsewhere. The alias is the name that earlier releases gave it.
	_, err = lb.NewListener(ctx, d.endpoint+"-listener-"+strconv.Itoa(port), &lb.ListenerArgs{
		LoadBalancerArn:       balancer.Arn,
		Protocol:              pulumi.String("TCP"),
		Port:                  pulumi.Int(port),
		TcpIdleTimeoutSeconds: pulumi.Int(args.Plan.IdleTimeoutSeconds),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type: pulumi.String("forward"), TargetGroupArn: group.Arn,
		}},
		Tags: named(args.Tags, d.name, nil),
	}, pulumi.Parent(parent), pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String(d.name + "-listener")}}))
	return err
}
