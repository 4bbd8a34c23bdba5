package azure

import (
	"cmp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// Stack is a valid configuration with its defaults, ready to be registered.
type Stack struct {
	base.Stack
	ResourceGroup ResourceGroup
	Network       azure.NetworkPlan
	Machines      azure.MachinePlan
	Endpoints     []Endpoint
}

// Decode reads and validates a stack's configuration: every problem at once. It is pure. The identity, "project/stack",
// seeds the cluster id where the configuration names none.
func Decode(identity string, values map[string]any) (*Stack, kafka.Findings) {
	c, errs := config.Read[Config](values)
	findings := kafka.Findings{Errors: errs}
	links := base.LinksOf(c.Links, parts)
	common, found := base.Resolve(identity, c.Config, links, c.Network.WithDefaults("").Prefix)
	findings.Add(found)
	s := &Stack{
		Stack: common, ResourceGroup: c.ResourceGroup,
		Network: c.Network.WithDefaults(common.Name), Machines: c.Machines.WithDefaults(common.Name),
	}
	s.ResourceGroup.Name = cmp.Or(s.ResourceGroup.Name, s.Name)
	findings.Add(s.validate(c.Cluster))
	s.Endpoints, found = base.Group(&s.Stack, c.Links, parts)
	findings.Add(found)
	findings.Add(checkRegion(values, links))
	findings.Add(s.checkRoom(c.Cluster))
	findings.Add(s.CheckReach(links, s.Network.Outbound))
	return base.Decoded(s, findings, errs)
}

func (s *Stack) validate(spec kafka.Spec) (f kafka.Findings) {
	f.Errors = append(f.Errors, azure.CheckResourceGroupName(field.NewPath("resourceGroup", "name"), s.ResourceGroup.Name)...)
	f.Add(s.Network.Validate(field.NewPath("network"), spec))
	f.Add(s.Machines.Validate(field.NewPath("machines"), spec))
	f.Errors = append(f.Errors, azure.CheckTags(field.NewPath("tags"), s.Tags)...)
	f.Add(s.Stack.Validate("Private Link Service"))
	return f
}

// checkRegion warns when the consumer's names carry another Azure region than the brokers': Private Link crosses
// regions, TiDB Cloud's changefeeds do not.
func checkRegion(values map[string]any, links []kafka.Link) kafka.Findings {
	region, f := base.Region(values, locationKey, "eastus")
	if region == "" {
		return f
	}
	region = strings.ToLower(strings.ReplaceAll(region, " ", ""))
	for i, l := range links {
		if strings.Contains(l.Pattern, ".azure.") && !strings.Contains(l.Pattern, "."+region+".azure.") {
			f.Warnings = append(f.Warnings, kafka.Invalid(field.NewPath("links").Index(i).Child("pattern"), l.Pattern, "names another region than azure-native:location ("+region+")", "put the cluster in the consumer's region"))
		}
	}
	return f
}
