package aws

import (
	"cmp"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// Stack is a valid configuration with its defaults, ready to be registered.
type Stack struct {
	base.Stack
	Network   aws.NetworkPlan
	Machines  aws.MachinePlan
	Endpoints []Endpoint
}

// Decode reads and validates a stack's configuration: every problem at once. It is pure. The identity, "project/stack",
// seeds the cluster id where the configuration names none.
func Decode(identity string, values map[string]any) (*Stack, kafka.Findings) {
	c, errs := config.Read[Config](values)
	findings := kafka.Findings{Errors: errs}
	links := base.LinksOf(c.Links, parts)
	c.Hosts.Distribution = cmp.Or(c.Hosts.Distribution, aws.Distribution)
	common, found := base.Resolve(c.Config, links, kafka.WithIdentity(identity), kafka.WithAddresses(addressing(c.Network.WithDefaults("", c.Cluster))))
	findings.Add(found)
	s := &Stack{Stack: common, Network: c.Network.WithDefaults(common.Name, c.Cluster), Machines: c.Machines.WithDefaults(common.Name)}
	findings.Add(s.validate(c.Cluster))
	s.Endpoints, found = base.Group(&s.Stack, c.Links, parts)
	findings.Add(found)
	findings.Add(s.checkNames())
	findings.Add(checkRegion(values, c.Cluster))
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
	f.Add(s.Network.Validate(field.NewPath("network"), spec))
	f.Add(s.Machines.Validate(field.NewPath("machines")))
	f.Errors = append(f.Errors, aws.CheckTags(field.NewPath("tags"), s.Tags)...)
	if s.Hosts.Distribution != aws.Distribution {
		f.Errors = append(f.Errors, field.NotSupported(field.NewPath("hosts", "distribution"), s.Hosts.Distribution, []string{aws.Distribution}))
	}
	f.Add(s.Stack.Validate("VPC endpoint service"))
	return f
}

// checkNames compares the zones in brokers' advertised names with the brokers' own.
func (s *Stack) checkNames() (f kafka.Findings) {
	if s.Cluster == nil {
		return f
	}
	for i, l := range s.Cluster.Links {
		f.Errors = append(f.Errors, aws.CheckNames(field.NewPath("links").Index(i).Child("pattern"), s.Cluster, l)...)
	}
	return f
}

// addressing plans a node's address from the subnet of its zone; the subnets' own problems are said elsewhere.
func addressing(network aws.NetworkPlan) func(kafka.Node) (string, error) {
	return func(n kafka.Node) (string, error) {
		prefix, err := network.Prefix(n)
		if err != nil {
			return "", kafka.ErrSaidElsewhere
		}
		return address.OfNode(prefix, n)
	}
}

// checkRegion wants the region, and warns of zones that look like another's.
func checkRegion(values map[string]any, cluster kafka.Spec) (f kafka.Findings) {
	region, _ := values[regionKey].(string)
	if region == "" {
		f.Errors = append(f.Errors, kafka.Missing(field.NewPath(regionKey), "the region is needed", "set it to the consumer's region, such as us-west-2"))
		return f
	}
	return aws.CheckRegion(region, cluster.Zones)
}
