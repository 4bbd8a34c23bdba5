//go:build linux

package rehearse

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/lab/aws"
	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
	simulated "github.com/kafkalink/kafkalink/simcloud/aws"
)

// AWS is what a rehearsal must know of AWS.
func AWS() Cloud {
	return Cloud{
		Name: "aws", Serve: func() *simcloud.Cloud { return simulated.Cloud(simulated.Account{}) }, Read: aws.Read, Existing: existingInAWS,
		Facilities: facilitiesOfAWS,
		Consumer:   consumerOfAWS, Connect: connectToAWS, Approve: acceptAll,
		Hazards:    func(view simcloud.View) []string { return aws.Hazards(view, host.Settle()) },
		Called:     titleOf,
		OtherImage: otherImageOfAWS,
		Mutable:    mutableOfAWS,
		Break: Breakage{
			FilterRule: dropAdmissionInAWS, BalancerRule: dropListener, SwapRules: swapListeners,
			Approval: func(world *simcloud.World, service string) (string, error) {
				for _, c := range simulated.Connections(world, service) {
					if err := simulated.Reject(world, service, c.Endpoint); err != nil {
						return "", err
					}
				}
				return "the connections at the endpoint service are rejected", nil
			},
		},
	}
}

func regionOf(config automation.Configuration) string {
	if region, _ := config["aws:region"].(string); region != "" {
		return region
	}
	return simulated.DefaultRegion
}

// facilitiesOfAWS are the metadata service, and Systems Manager's API of the stack's region.
func facilitiesOfAWS(server func() *simcloud.Server, config automation.Configuration) []fabric.Facility {
	return aws.Facilities(aws.Account{
		Region: regionOf(config),
		View:   func() simcloud.View { return server().View() },
		PutParameter: func(instanceID, name, value string, overwrite bool) error {
			return simulated.PutParameter(server(), instanceID, name, value, overwrite)
		},
	})
}

const (
	awsEndpointService  = "aws:ec2/vpcEndpointService:VpcEndpointService"
	awsGroupIngress     = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	awsGroupEgress      = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	awsListener         = "aws:lb/listener:Listener"
	awsTargetGroup      = "aws:lb/targetGroup:TargetGroup"
	awsLoadBalancer     = "aws:lb/loadBalancer:LoadBalancer"
	awsNetworkInterface = "aws:ec2/networkInterface:NetworkInterface"
	awsInstance         = "aws:ec2/instance:Instance"
	awsSubnet           = "aws:ec2/subnet:Subnet"
	awsVPC              = "aws:ec2/vpc:Vpc"

	awsRoute                 = "aws:ec2/route:Route"
	awsNATGateway            = "aws:ec2/natGateway:NatGateway"
	awsTargetGroupAttachment = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
	awsVolumeAttachment      = "aws:ec2/volumeAttachment:VolumeAttachment"
)

// consumerOfAWS is a principal that a service allows, in a network of which the configuration says that consumers are there.
func consumerOfAWS(view simcloud.View, service string, config automation.Configuration) (consumerAccount, error) {
	r, ok := simcloud.GetOf(view, awsEndpointService, service)
	if !ok {
		return consumerAccount{}, fmt.Errorf("endpoint service %s does not exist", service)
	}
	principals := r.Properties.Texts("allowedPrincipals")
	if len(principals) == 0 {
		return consumerAccount{}, fmt.Errorf("endpoint service %s allows nobody", service)
	}
	account := consumerAccount{id: principals[0]}
	if account.id == "*" {
		account.id = "arn:aws:iam::210987654321:root"
	}
	account.client = clientOf(view, config)
	return account, nil
}

// clientOf is an address that consumers connect from in their own network: where the configuration says that they are, or
// else in the range of default VPCs.
func clientOf(view simcloud.View, config automation.Configuration) string {
	links, _ := config["kafkalink:links"].([]any)
	for _, item := range links {
		link, _ := item.(map[string]any)
		for _, text := range simcloud.Properties(link).Texts("consumers") {
			prefix, err := netip.ParsePrefix(text)
			if err != nil || !prefix.Addr().Is4() || prefix.Bits() == 0 {
				continue
			}
			address := prefix.Masked().Addr()
			for range 10 { // beyond what a subnet keeps for itself
				if next := address.Next(); prefix.Contains(next) {
					address = next
				}
			}
			if !inNetwork(view, address) {
				return address.String()
			}
		}
	}
	return ""
}

// inNetwork says whether an address is of the stack's own networks, which the lab cannot tell from a consumer's.
func inNetwork(view simcloud.View, address netip.Addr) bool {
	for _, network := range view.List(awsVPC) {
		if prefix, err := netip.ParsePrefix(network.Properties.Text("cidrBlock")); err == nil && prefix.Contains(address) {
			return true
		}
	}
	return false
}

// connectToAWS makes an endpoint in every zone that the service is in.
func connectToAWS(world *simcloud.World, service, endpoint string, account consumerAccount) error {
	id := fmt.Sprintf("vpce-0%x", sha256.Sum256([]byte(service+endpoint)))[:len("vpce-0")+16]
	var zones []string
	for _, zone := range simulated.ServiceZones(world, service) {
		zones = append(zones, zone.ID)
	}
	_, err := simulated.Connect(world, service, simulated.Endpoint{ID: id, Principal: account.id, ZoneIDs: zones, Client: account.client})
	return err
}

// acceptAll accepts the connections that wait at a service.
func acceptAll(world *simcloud.World, service string) {
	for _, c := range simulated.Connections(world, service) {
		if c.State == simulated.PendingAcceptance {
			_ = simulated.Accept(world, service, c.Endpoint) // it is there
		}
	}
}

// mutableOfAWS are the resources that make up the way to a broker: all rules and listeners, and one of what is alike.
func mutableOfAWS(view simcloud.View) []*simcloud.Resource {
	chosen := slices.Concat(view.List(awsGroupIngress), view.List(awsGroupEgress), view.List(awsListener))
	return append(chosen, oneOfEach(view, awsSubnet, awsRoute, awsNATGateway, awsLoadBalancer, awsTargetGroup, awsTargetGroupAttachment,
		awsEndpointService, awsNetworkInterface, awsInstance, awsVolumeAttachment)...)
}

// balancersOfAWS are the ids of an endpoint service's load balancers.
func balancersOfAWS(service simcloud.Properties) []string {
	return service.Texts("networkLoadBalancerArns")
}

// dropAdmissionInAWS removes the rules by which load balancers' security groups admit consumers.
func dropAdmissionInAWS(world *simcloud.World, service string) (string, error) {
	var dropped []string
	for _, balancer := range balancersBehind(world, service, balancersOfAWS) {
		for _, group := range balancer.Properties.Texts("securityGroups") {
			for _, rule := range simcloud.ChildrenOf(world, awsGroupIngress, group) {
				world.Delete(rule.ID)
				dropped = append(dropped, titleOf(rule))
			}
		}
	}
	if len(dropped) == 0 {
		return "", errors.New("no load balancer's security group has a rule that admits consumers")
	}
	return fmt.Sprintf("inbound rules of the load balancer's security group are gone: %s", strings.Join(dropped, ", ")), nil
}

// titleOf is what a resource is called in the console.
func titleOf(r *simcloud.Resource) string {
	if name := r.Properties.Text("tags.Name"); name != "" {
		return name
	}
	if r.Type == awsListener {
		return fmt.Sprintf("listener %v", r.Properties.Get("port"))
	}
	return r.ID
}

func listenerAt(world *simcloud.World, service string, port int) (*simcloud.Resource, error) {
	for _, balancer := range balancersBehind(world, service, balancersOfAWS) {
		for _, r := range simcloud.ChildrenOf(world, awsListener, balancer.ID) {
			if int(r.Properties.Number("port")) == port {
				return r, nil
			}
		}
	}
	return nil, fmt.Errorf("no load balancer of the endpoint service listens at port %d", port)
}

func dropListener(world *simcloud.World, service string, port int) (string, error) {
	r, err := listenerAt(world, service, port)
	if err != nil {
		return "", err
	}
	world.Delete(r.ID)
	return fmt.Sprintf("the load balancer's listener at port %d is gone", port), nil
}

func swapListeners(world *simcloud.World, service string, one, other int) (string, error) {
	a, err := listenerAt(world, service, one)
	if err != nil {
		return "", err
	}
	b, err := listenerAt(world, service, other)
	if err != nil {
		return "", err
	}
	actions, others := a.Properties["defaultActions"], b.Properties["defaultActions"]
	world.Change(a.ID, func(r *simcloud.Resource) { r.Properties["defaultActions"] = others })
	world.Change(b.ID, func(r *simcloud.Resource) { r.Properties["defaultActions"] = actions })
	return fmt.Sprintf("the listeners at ports %d and %d forward to each other's target group", one, other), nil
}

// anotherImage is an earlier release of Amazon Linux than the newest.
const anotherImage = "al2023-ami-2023.5.20240916.0-kernel-6.1-x86_64"

// otherImageOfAWS names another image, which replaces every machine.
func otherImageOfAWS(_ simcloud.View, config automation.Configuration) error {
	given, _ := config["kafkalink:machines"].(map[string]any)
	image := any(anotherImage)
	if given["image"] == image {
		image = "al2023-ami-2023.5.20240903.0-kernel-6.1-x86_64"
	}
	setting(config, "kafkalink:machines", "image", image)
	return nil
}
