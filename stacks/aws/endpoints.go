package aws

import (
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
