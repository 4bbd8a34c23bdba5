// Package aws reads AWS's resources as a data plane has to act on them: which packets pass, and which machines and disks
// there are. It reads what is deployed, by resource type and property, and knows of no component that made it.
package aws

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Types of resources, as Pulumi's aws provider calls them.
const (
	tokenVpc              = "aws:ec2/vpc:Vpc"
	tokenSubnet           = "aws:ec2/subnet:Subnet"
	tokenRouteTable       = "aws:ec2/routeTable:RouteTable"
	tokenInternetGateway  = "aws:ec2/internetGateway:InternetGateway"
	tokenNatGateway       = "aws:ec2/natGateway:NatGateway"
	tokenEip              = "aws:ec2/eip:Eip"
	tokenSecurityGroup    = "aws:ec2/securityGroup:SecurityGroup"
	tokenIngressRule      = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	tokenEgressRule       = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	tokenNetworkInterface = "aws:ec2/networkInterface:NetworkInterface"
	tokenKeyPair          = "aws:ec2/keyPair:KeyPair"
	tokenVolume           = "aws:ebs/volume:Volume"
	tokenInstance         = "aws:ec2/instance:Instance"
	tokenVolumeAttachment = "aws:ec2/volumeAttachment:VolumeAttachment"
	tokenLoadBalancer     = "aws:lb/loadBalancer:LoadBalancer"
	tokenTargetGroup      = "aws:lb/targetGroup:TargetGroup"
	tokenAttachment       = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
	tokenListener         = "aws:lb/listener:Listener"
	tokenParameter        = "aws:ssm/parameter:Parameter"
	tokenEndpointService  = "aws:ec2/vpcEndpointService:VpcEndpointService"
)

// Read says what the resources of a cloud do. What refers to nothing has no effect. Whatever it cannot express is left
// out, and said in Unmodelled: nothing is passed over in silence, except what the package lab's README lists.
func Read(view simcloud.View) fabric.Deployment {
	r := newReader(view)
	r.SayLimits(limits, called)
	r.places = r.findPlaces()
	r.sayRoutes()
	d := fabric.Deployment{Fabric: fabric.Fabric{Interfaces: r.interfaces()}, Disks: r.disks()}
	for _, balancer := range r.List(tokenLoadBalancer) {
		nodes := r.nodes(balancer)
		d.Fabric.Nodes = append(d.Fabric.Nodes, nodes...)
		d.Fabric.Rules = append(d.Fabric.Rules, r.rules(balancer, nodes)...)
	}
	d.Fabric.Services, d.Fabric.Connections = r.services(d.Fabric.Nodes)
	d.Machines = r.machines(d.Disks)
	d.Unmodelled = r.Unmodelled
	return d
}

// reader reads one view of AWS.
type reader struct {
	reading.Reader
	places []place
}

func newReader(view simcloud.View) *reader { return &reader{Reader: reading.Reader{View: view}} }

// nameOf is what a resource is called in the console: its name, its tag Name, or else its id.
func nameOf(r *simcloud.Resource) string {
	for _, name := range []string{r.Properties.Text("tags.Name"), r.Properties.Text("name")} {
		if name != "" {
			return name
		}
	}
	return r.ID
}

// called names a resource for people: load balancer "kafka-lb".
func called(kind string, r *simcloud.Resource) string { return fmt.Sprintf("%s %q", kind, nameOf(r)) }

// zoneOf is the id of the zone that a subnet is in: the same place for every account.
func zoneOf(subnet *simcloud.Resource) string { return subnet.Computed.Text("availabilityZoneId") }

// prefixOf is the range of a VPC or a subnet.
func prefixOf(r *simcloud.Resource) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(r.Properties.Text("cidrBlock"))
	return prefix.Masked(), err == nil && prefix.Addr().Is4()
}

func single(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, 32) }

// quoted writes names for people: "a" and "b".
func quoted(names []string) string {
	var texts []string
	for _, name := range names {
		texts = append(texts, fmt.Sprintf("%q", name))
	}
	return strings.Join(texts, " and ")
}
