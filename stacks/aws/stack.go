package aws

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

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
	common, found := base.Resolve(identity, c.Config, links, c.Network.WithDefaults("", c.Cluster).Prefix)
	findings.Add(found)
	s := &Stack{Stack: common, Network: c.Network.WithDefaults(common.Name, c.Cluster), Machines: c.Machines.WithDefaults(common.Name)}
	findings.Add(s.validate(c.Cluster))
	s.Endpoints, found = base.Group(&s.Stack, c.Links, parts)
	findings.Add(found)
	findings.Add(s.checkNames())
	findings.Add(s.checkRoom())
	findings.Add(checkRegion(values, c.Cluster))
	findings.Add(s.CheckReach(links, s.Network.Outbound))
	return base.Decoded(s, findings, errs)
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
		crossZone := slices.ContainsFunc(s.Endpoints, func(e Endpoint) bool { return e.Name == l.Endpoint && e.Plan.CrossZone })
		f.Add(aws.CheckNames(field.NewPath("links").Index(i).Child("pattern"), s.Cluster, l, crossZone))
	}
	return f
}

// checkRegion wants the region, and warns of zones that look like another's.
func checkRegion(values map[string]any, cluster kafka.Spec) kafka.Findings {
	region, f := base.Region(values, regionKey, "us-west-2")
	if region == "" {
		return f
	}
	return aws.CheckRegion(region, cluster)
}
