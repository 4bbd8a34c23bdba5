package aws

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
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
	// VPCID of the network, and SubnetIDs by the id of the zone: a load balancer node in each.
	VPCID     pulumi.StringInput            `pulumi:"vpcId"`
	SubnetIDs map[string]pulumi.StringInput `pulumi:"subnetIds"`
	// SecurityGroupID of the brokers, which is told to admit the load balancer.
	SecurityGroupID pulumi.StringInput `pulumi:"securityGroupId"`
	// Targets are the brokers' private addresses, by node id. They stay when machines come and go.
	Targets map[string]pulumi.StringInput `pulumi:"targets"`
	// Retire takes the service's protection away, so that the link can be removed afterwards.
	Retire bool `pulumi:"retire"`
	// Tags of everything made here.
	Tags map[string]string `pulumi:"tags"`
}

// LinkRoutes is one link's share of an endpoint: its target groups and listeners.
type LinkRoutes struct {
	Link kafka.Link `pulumi:"link"`
	// TargetGroup is the prefix of names; the node id follows. BootstrapTargetGroup leads to all brokers.
	TargetGroup          string `pulumi:"targetGroup"`
	BootstrapTargetGroup string `pulumi:"bootstrapTargetGroup"`
}

// Link is an internal Network Load Balancer with a listener and a target group per broker and link, and the VPC endpoint
// service that carries it to other accounts.
type Link struct {
	pulumi.ResourceState

	// ServiceName is what consumers connect to.
	ServiceName pulumi.StringOutput `pulumi:"serviceName"`
	// ServiceID is the service's id.
	ServiceID pulumi.StringOutput `pulumi:"serviceId"`
}

// NewLink makes the endpoint service. The brokers may be anybody's: only their addresses are needed, and each of them.
func NewLink(ctx *pulumi.Context, name string, args *LinkArgs, opts ...pulumi.ResourceOption) (*Link, error) {
	if err := args.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	l := &Link{}
	if err := ctx.RegisterComponentResource("kafkalink:aws:Link", name, l, opts...); err != nil {
		return nil, err
	}
	group, err := l.filter(ctx, name, args)
	if err != nil {
		return nil, err
	}
	balancer, err := newLoadBalancer(ctx, name, args, group, l)
	if err != nil {
		return nil, err
	}
	for _, share := range args.Links {
		if err := newRoutes(ctx, name, args, share, balancer, l); err != nil {
			return nil, err
		}
	}
	service, err := ec2.NewVpcEndpointService(ctx, name+"-service", &ec2.VpcEndpointServiceArgs{
		AcceptanceRequired:      pulumi.Bool(!args.Plan.AutoAccept),
		AllowedPrincipals:       pulumi.ToStringArray(args.Plan.Principals),
		NetworkLoadBalancerArns: pulumi.StringArray{balancer.Arn},
		Tags:                    named(args.Tags, args.Plan.Service, nil),
		// A replaced service has another name, and every consumer would have to be told.
	}, pulumi.Parent(l), pulumi.Protect(!args.Retire))
	if err != nil {
		return nil, err
	}
	l.ServiceName, l.ServiceID = service.ServiceName, service.ID().ToStringOutput()
	return l, ctx.RegisterResourceOutputs(l, pulumi.Map{"serviceName": l.ServiceName, "serviceId": l.ServiceID})
}

// check wants an address of every broker, a load balancer node that leads to it, and its security group.
func (args *LinkArgs) check() error {
	var missing, apart []string
	for _, n := range args.Cluster.Brokers() {
		if args.Targets[strconv.Itoa(n.ID)] == nil {
			missing = append(missing, "broker "+strconv.Itoa(n.ID))
		}
		if n.Zone != "" && args.SubnetIDs[n.Zone] == nil && !args.Plan.CrossZone {
			apart = append(apart, fmt.Sprintf("broker %d in %s", n.ID, n.Zone))
		}
	}
	var problems []error
	if missing != nil {
		problems = append(problems, fmt.Errorf("no target for %s; give the private address of every broker of the cluster by its node id", strings.Join(missing, ", ")))
	}
	if apart != nil {
		problems = append(problems, fmt.Errorf("no load balancer node leads to %s; give a subnet in every broker's zone, by the zone's id, or set crossZone", strings.Join(apart, ", ")))
	}
	if args.SecurityGroupID == nil {
		problems = append(problems, errors.New("no security group of the brokers, which must admit the load balancer; give one"))
	}
	return errors.Join(problems...)
}

// filter makes the load balancer's security group. It sees consumers by their own addresses, also behind the endpoint
// service, and health checks need its way out; brokers see the load balancer's addresses. A load balancer made without one
// could never get one.
func (l *Link) filter(ctx *pulumi.Context, name string, args *LinkArgs) (pulumi.StringOutput, error) {
	made, err := newSecurityGroup(ctx, name+"-security-group", args.Plan.SecurityGroup, "Consumers of the Kafka cluster "+args.Cluster.Name, args.VPCID, args.Tags, l)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	group := made.ID().ToStringOutput()
	var endpointPorts []int
	for _, share := range args.Links {
		for _, route := range args.Cluster.PortMap(share.Link) {
			endpointPorts = append(endpointPorts, route.EndpointPort)
		}
		if share.Link.BootstrapPort != 0 {
			endpointPorts = append(endpointPorts, share.Link.BootstrapPort)
		}
		// Named by the port: that of a link may become that of another which is about to go.
		port := share.Link.ListenerPort
		listener, key := span{port, port}, "-"+strconv.Itoa(port)
		if _, err := letOut(ctx, name+"-to-brokers"+key, group, peer{group: args.SecurityGroupID}, listener, "listeners of link "+share.Link.Name, args.Tags, l); err != nil {
			return group, err
		}
		if _, err := admit(ctx, name+"-from-lb"+key, args.SecurityGroupID, peer{group: group}, listener, "load balancer of link "+share.Link.Name, args.Tags, l); err != nil {
			return group, err
		}
	}
	for _, cidr := range args.Plan.Consumers {
		for _, ports := range spans(endpointPorts) {
			rule := name + "-from-consumers-" + keyOf(cidr) + "-" + strconv.Itoa(ports.first)
			if _, err := admit(ctx, rule, group, peer{cidr: cidr}, ports, "consumers", args.Tags, l); err != nil {
				return group, err
			}
		}
	}
	return group, nil
}
