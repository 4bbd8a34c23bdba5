package aws

import (
	"github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
)

// Endpoint is one VPC endpoint service and the links that share it.
type Endpoint = base.Endpoint[aws.LinkPlan]

// addEndpoints groups links by VPC endpoint service.
func (s *Stack) addEndpoints(links []Link) (f kafka.Findings) {
	given := make([]base.Link[aws.LinkPlan], len(links))
	for i, l := range links {
		given[i] = base.Link[aws.LinkPlan]{Link: l.Link, Plan: l.LinkPlan}
	}
	s.Endpoints, f = base.Group(&s.Stack, given)
	return f
}

// routes are the shares that links have in an endpoint.
func routes(e Endpoint) []aws.LinkRoutes {
	list := make([]aws.LinkRoutes, len(e.Links))
	for i, l := range e.Links {
		list[i] = aws.LinkRoutes{Link: l.Link, TargetGroup: l.Plan.TargetGroup, BootstrapTargetGroup: l.Plan.BootstrapTargetGroup}
	}
	return list
}
