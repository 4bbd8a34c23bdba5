// Package azure is Kafka on Azure end to end: a stack's configuration in, a running cluster behind Private Link
// Services out.
package azure

import (
	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// Cloud is the value of kafkalink:cloud that selects this stack.
const Cloud = "azure"

// Config is the configuration in the namespace kafkalink; each field is one key.
type Config struct {
	base.Config
	ResourceGroup ResourceGroup     `json:"resourceGroup"`
	Links         []Link            `json:"links"`
	Network       azure.NetworkPlan `json:"network"`
	Machines      azure.MachinePlan `json:"machines"`
}

// ResourceGroup holds everything the stack makes.
type ResourceGroup struct {
	// Name of the group. Default "<cluster>".
	Name string `json:"name"`
	// Existing says that the group is there already and not ours to make or delete.
	Existing bool `json:"existing"`
}

// Link is a link of the model with Azure's names and approvals for its endpoint service.
type Link struct {
	kafka.Link
	azure.LinkPlan
}

const locationKey = "azure-native:location"

// keys of the stack's configuration, with their namespace.
func keys() []string { return append(config.Keys(Config{}), locationKey) }
