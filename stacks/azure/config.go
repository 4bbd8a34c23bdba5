// Package azure is Kafka on Azure end to end: a stack's configuration in, a running cluster behind Private Link
// Services out.
package azure

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// Cloud is the value of kafkalink:cloud that selects this stack.
const Cloud = "azure"

// Config is the configuration in the namespace kafkalink; each field is one key.
type Config struct {
	Cloud         string            `json:"cloud"`
	ResourceGroup ResourceGroup     `json:"resourceGroup"`
	Cluster       kafka.Spec        `json:"cluster"`
	Links         []Link            `json:"links"`
	Network       azure.NetworkPlan `json:"network"`
	Machines      azure.MachinePlan `json:"machines"`
	Hosts         host.Config       `json:"hosts"`
	Operator      Operator          `json:"operator"`
	Tags          map[string]string `json:"tags"`
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

// keys of the stack's configuration, with their namespace.
func keys() []string {
	var names []string
	for _, name := range config.Names(Config{}) {
		names = append(names, namespace+name)
	}
	return append(names, locationKey)
}

const (
	namespace   = "kafkalink:"
	locationKey = "azure-native:location"
)

// parse reads the namespace kafkalink strictly; other namespaces are other people's.
func parse(values map[string]any) (Config, field.ErrorList) {
	var c Config
	section := map[string]any{}
	for key, value := range values {
		if name, ours := strings.CutPrefix(key, namespace); ours {
			section[name] = value
		}
	}
	errs := config.Decode(nil, section, &c)
	return c, errs
}
