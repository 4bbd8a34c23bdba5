package aws

import (
	"fmt"
	"net/netip"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
)

// Endpoint is one VPC endpoint service and the links that share it.
type Endpoint = base.Endpoint[aws.LinkPlan]

// parts of a link: the model's, and the cloud's.
func parts(l Link) (kafka.Link, aws.LinkPlan) { return l.Link, l.LinkPlan }

// routes are the shares that links have in an endpoint.
func routes(e Endpoint) []aws.LinkRoutes {
	list := make([]aws.LinkRoutes, len(e.Links))
	for i, l := range e.Links {
		list[i] = aws.LinkRoutes{Link: l.Link, TargetGroup: l.Plan.TargetGroup, BootstrapTargetGroup: l.Plan.BootstrapTargetGroup}
	}
	return list
}

// Addresses of a subnet that AWS keeps for itself, and those that a Network Load Balancer wants free in it when it is made. It
// then takes one of them, whichever.
const (
	reservedAddresses = 5
	balancerAddresses = 8
)

// checkRoom keeps room for the load balancers' nodes beside the brokers.
func (s *Stack) checkRoom() (f kafka.Findings) {
	if s.Cluster == nil || len(s.Endpoints) == 0 {
		return f
	}
	for i, subnet := range s.Network.Brokers {
		prefix, err := netip.ParsePrefix(subnet.CIDR)
		if err != nil {
			continue // said elsewhere
		}
		free := 1<<(32-prefix.Bits()) - reservedAddresses - (len(s.Endpoints) - 1)
		for _, n := range s.Cluster.Nodes {
			if n.Zone == subnet.Zone {
				free--
			}
		}
		if free < balancerAddresses {
			f.Errors = append(f.Errors, kafka.Invalid(field.NewPath("network", "brokerSubnets").Index(i).Child("cidr"), subnet.CIDR,
				fmt.Sprintf("has %d addresses beside those of brokers and other load balancers, and a Network Load Balancer wants %d", max(free, 0), balancerAddresses), "give it a larger range"))
		}
	}
	return f
}
