package azure

import (
	"cmp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/address"
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
	common, found := base.Resolve(c.Config, links, kafka.WithIdentity(identity), kafka.WithAddresses(addressing(c.Network.WithDefaults(""))))
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
	if s.Network.Outbound == address.OutboundNone {
		findings.Add(s.CheckDownloads())
	}
	findings.Add(base.CheckLinks(links))
	findings.Errors = config.WithoutEchoes(findings.Errors, errs)
	if len(findings.Errors) > 0 {
		return nil, findings
	}
	return s, findings
}

func (s *Stack) validate(spec kafka.Spec) (f kafka.Findings) {
	f.Errors = append(f.Errors, azure.CheckResourceGroupName(field.NewPath("resourceGroup", "name"), s.ResourceGroup.Name)...)
	f.Add(s.Network.Validate(field.NewPath("network"), spec))
	f.Add(s.Machines.Validate(field.NewPath("machines"), spec))
	f.Errors = append(f.Errors, azure.CheckTags(field.NewPath("tags"), s.Tags)...)
	f.Add(s.Stack.Validate("Private Link Service"))
	return f
}

// addressing plans a node's address from the brokers' subnet; the subnet's own problems are said elsewhere.
func addressing(network azure.NetworkPlan) func(kafka.Node) (string, error) {
	prefix, err := network.BrokersPrefix()
	return func(n kafka.Node) (string, error) {
		if err != nil {
			return "", kafka.ErrSaidElsewhere
		}
		return address.OfNode(prefix, n)
	}
}

// checkRegion warns when the consumer's names carry another Azure region than the brokers': Private Link crosses
// regions, TiDB Cloud's changefeeds do not.
func checkRegion(values map[string]any, links []kafka.Link) (f kafka.Findings) {
	region, _ := values[locationKey].(string)
	region = strings.ToLower(strings.ReplaceAll(region, " ", ""))
	if region == "" {
		f.Errors = append(f.Errors, kafka.Missing(field.NewPath(locationKey), "the region is needed", "set it to the consumer's region, such as eastus"))
		return f
	}
	for i, l := range links {
		if strings.Contains(l.Pattern, ".azure.") && !strings.Contains(l.Pattern, "."+region+".azure.") {
			f.Warnings = append(f.Warnings, kafka.Invalid(field.NewPath("links").Index(i).Child("pattern"), l.Pattern, "names another region than azure-native:location ("+region+")", "put the cluster in the consumer's region"))
		}
	}
	return f
}
