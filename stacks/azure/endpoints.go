package azure

import (
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
)

// Endpoint is one Private Link Service and the links that share it.
type Endpoint = base.Endpoint[azure.LinkPlan]

// parts of a link: the model's, and the cloud's.
func parts(l Link) (kafka.Link, azure.LinkPlan) { return l.Link, l.LinkPlan }

// routes are the shares that links have in an endpoint.
func routes(e Endpoint) []azure.LinkRoutes {
	list := make([]azure.LinkRoutes, len(e.Links))
	for i, l := range e.Links {
		list[i] = azure.LinkRoutes{Link: l.Link, Rule: l.Plan.Rule, Probe: l.Plan.Probe}
	}
	return list
}

// lowAddresses are those of a subnet below the nodes' own that Azure gives to others: hosts 4 to 10.
const lowAddresses = 7

// checkRoom keeps the addresses that Azure hands out by itself, the lowest free ones, below those planned for nodes.
func (s *Stack) checkRoom(spec kafka.Spec) (f kafka.Findings) {
	taken := len(s.Endpoints)
	for _, e := range s.Endpoints {
		if s.Network.SharedSubnet() {
			taken += e.Plan.NATAddresses
		}
	}
	if taken > lowAddresses && len(spec.Nodes) == 0 {
		f.Errors = append(f.Errors, kafka.Invalid(field.NewPath("links"), taken, "frontends and translation addresses in the brokers' subnet would take addresses that are planned for brokers",
			"let links share an endpoint, give the Private Link Services a subnet of their own, or list cluster.nodes with addresses out of the way"))
	}
	return f
}
