// Package aws is Kafka on AWS end to end: a stack's configuration in, a running cluster behind VPC endpoint services out.
package aws

import (
	"github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// Cloud is the value of kafkalink:cloud that selects this stack.
const Cloud = "aws"

// Config is the configuration in the namespace kafkalink; each field is one key.
type Config struct {
	base.Config
	Links    []Link          `json:"links"`
	Network  aws.NetworkPlan `json:"network"`
	Machines aws.MachinePlan `json:"machines"`
}

// Link is a link of the model with AWS's names and principals for its endpoint service.
type Link struct {
	kafka.Link
	aws.LinkPlan
}

const regionKey = "aws:region"

// keys of the stack's configuration, with their namespace.
func keys() []string { return append(config.Keys(Config{}), regionKey) }
