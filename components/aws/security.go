package aws

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// filter makes the security group of the brokers' interfaces: brokers and controllers among themselves, applications beside
// the cluster, and out to what they fetch and to Systems Manager. A Link adds its load balancer. Names, the time and the
// instance's metadata pass every security group.
func (n *Network) filter(ctx *pulumi.Context, name string, args *NetworkArgs) error {
	ports := args.Cluster.Ports
	group, err := newSecurityGroup(ctx, name+"-security-group", args.Plan.SecurityGroup, "Brokers of the Kafka cluster "+args.Cluster.Name, n.VPCID, args.Tags, n)
	if err != nil {
		return err
	}
	n.SecurityGroupID = group.ID().ToStringOutput()
	var rules []pulumi.CustomResource
	in := func(rule string, from peer, port int, why string) error {
		made, err := admit(ctx, name+rule, n.SecurityGroupID, from, span{port, port}, why, args.Tags, n)
		rules = append(rules, made)
		return err
	}
	out := func(rule string, to peer, port int, why string) error {
		made, err := letOut(ctx, name+rule, n.SecurityGroupID, to, span{port, port}, why, args.Tags, n)
		rules = append(rules, made)
		return err
	}
	brokers := peer{group: n.SecurityGroupID}
	for _, port := range []int{ports.Internal, ports.Controller} {
		key, why := strconv.Itoa(port), "brokers and controllers among themselves"
		if err := errors.Join(in("-from-cluster-"+key, brokers, port, why), out("-to-cluster-"+key, brokers, port, why)); err != nil {
			return err
		}
	}
	for _, port := range outside(args.Hosts) {
		if err := out("-to-outside-"+strconv.Itoa(port), peer{cidr: anywhere}, port, "downloads and Systems Manager"); err != nil {
			return err
		}
	}
	n.HostSecurityGroupID = rolling.After(n.SecurityGroupID, rules...)
	for _, cidr := range args.Plan.Clients {
		if err := in("-from-clients-"+keyOf(cidr), peer{cidr: cidr}, ports.Internal, "applications beside the cluster"); err != nil {
			return err
		}
	}
	return nil
}

// outside are the ports by which hosts reach what is not theirs: HTTPS, and what the sources of Java and Kafka say.
func outside(hosts host.Config) []int {
	ports := []int{443}
	for _, source := range []host.Source{hosts.Java, hosts.Kafka} {
		for _, from := range source.URLs() {
			if port, err := portOf(from); err == nil { // valid configurations have valid URLs
				ports = append(ports, port)
			}
		}
	}
	if hosts.Proxy != "" {
		if port, err := portOf(hosts.Proxy); err == nil {
			ports = append(ports, port)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

func portOf(text string) (int, error) {
	u, err := url.Parse(text)
	if err != nil {
		return 0, err
	}
	standard := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	return strconv.Atoi(cmp.Or(u.Port(), standard))
}

// peer is the other end of a rule: a range, or whatever has a security group.
type peer struct {
	cidr  string
	group pulumi.StringInput
}

// keyOf is a range in a resource's name. A rule is named by the range that it admits: AWS refuses a rule that becomes the
// same as another which is about to go.
func keyOf(cidr string) string { return strings.NewReplacer(".", "-", "/", "-").Replace(cidr) }

// span of ports, both ends included.
type span struct{ first, last int }

// spans joins ports that follow each other.
func spans(ports []int) (list []span) {
	for _, port := range slices.Compact(slices.Sorted(slices.Values(ports))) {
		if n := len(list); n > 0 && list[n-1].last == port-1 {
			list[n-1].last = port
		} else {
			list = append(list, span{port, port})
		}
	}
	return list
}

func newSecurityGroup(ctx *pulumi.Context, name, awsName, why string, network pulumi.StringInput, tags map[string]string, parent pulumi.Resource) (*ec2.SecurityGroup, error) {
	return ec2.NewSecurityGroup(ctx, name, &ec2.SecurityGroupArgs{
		Name: pulumi.String(awsName), Description: pulumi.String(why), VpcId: network.ToStringOutput().ToStringPtrOutput(),
		Tags: named(tags, awsName, nil),
	}, pulumi.Parent(parent))
}

// admit lets a peer in.
func admit(ctx *pulumi.Context, name string, group pulumi.StringInput, from peer, ports span, why string, tags map[string]string, parent pulumi.Resource) (*vpc.SecurityGroupIngressRule, error) {
	rule := &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: group, IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(ports.first), ToPort: pulumi.Int(ports.last),
		Description: pulumi.String(why), Tags: named(tags, name, nil),
	}
	rule.CidrIpv4, rule.ReferencedSecurityGroupId = from.of()
	return vpc.NewSecurityGroupIngressRule(ctx, name, rule, pulumi.Parent(parent))
}

// letOut lets a group's members out to a peer. Without such a rule they reach nothing: the provider removes the one that
// AWS gives to a new group.
func letOut(ctx *pulumi.Context, name string, group pulumi.StringInput, to peer, ports span, why string, tags map[string]string, parent pulumi.Resource) (*vpc.SecurityGroupEgressRule, error) {
	rule := &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: group, IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(ports.first), ToPort: pulumi.Int(ports.last),
		Description: pulumi.String(why), Tags: named(tags, name, nil),
	}
	rule.CidrIpv4, rule.ReferencedSecurityGroupId = to.of()
	return vpc.NewSecurityGroupEgressRule(ctx, name, rule, pulumi.Parent(parent))
}

func (p peer) of() (cidr, group pulumi.StringPtrInput) {
	if p.group != nil {
		return nil, p.group.ToStringOutput().ToStringPtrOutput()
	}
	return pulumi.String(p.cidr), nil
}
