// Package base is what a stack is on every cloud: the cluster and its hosts, the links grouped by endpoint service, what an
// operator permits, the outputs, and resources in the model's words.
package base

import (
	"net/netip"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// Config are the keys of the namespace kafkalink that every cloud has.
type Config struct {
	// Cloud selects the stack.
	Cloud    string            `json:"cloud"`
	Cluster  kafka.Spec        `json:"cluster"`
	Hosts    host.Config       `json:"hosts"`
	Operator Operator          `json:"operator"`
	Tags     map[string]string `json:"tags"`
}

// Stack is the part of a valid configuration, with its defaults, that every cloud has.
type Stack struct {
	// Name is the beginning of names that are composed: the cluster's, or the default where that is wrong, because names
	// composed from a bad one would only repeat what is said of it.
	Name     string
	Cluster  *kafka.Cluster
	Hosts    host.Config
	Operator Operator
	Tags     map[string]string
}

// Identity seeds a cluster id. It leaves the organization out, which is known only to the engine.
func Identity(project, stack string) string { return project + "/" + stack }

// Resolve makes the model of a configuration. Its cluster is nil where there are errors. prefix is that of the subnet which a
// node is to be in.
func Resolve(identity string, c Config, links []kafka.Link, prefix func(kafka.Node) (netip.Prefix, error)) (Stack, kafka.Findings) {
	cluster, findings := kafka.Resolve(c.Cluster, links, kafka.WithIdentity(identity), kafka.WithAddresses(address.Planned(prefix)))
	s := Stack{Name: kafka.DefaultName, Cluster: cluster, Hosts: c.Hosts.WithDefaults(), Operator: c.Operator}
	if c.Cluster.Name != "" && !about(findings.Errors, "cluster.name") {
		s.Name = c.Cluster.Name
	}
	s.Tags = tags(c.Tags, s.Name)
	return s, findings
}

func about(errs field.ErrorList, path string) bool {
	return slices.ContainsFunc(errs, func(e *field.Error) bool { return e.Field == path })
}

// Validate checks the hosts, and the operator's permissions if there is a cluster to compare them with. service is what
// the cloud calls an endpoint service.
func (s *Stack) Validate(service string) (f kafka.Findings) {
	f.Add(s.Hosts.Validate(field.NewPath("hosts")))
	if s.Cluster == nil {
		return f
	}
	f.Add(s.Hosts.ValidateVersion(field.NewPath("hosts"), s.Cluster.Version))
	f.Add(s.checkOperator(field.NewPath("operator"), service))
	return f
}

// Region is the value of the provider's key that says it, which is needed. example is one.
func Region(values map[string]any, key, example string) (region string, f kafka.Findings) {
	text, _ := values[key].(string)
	if region = strings.TrimSpace(text); region == "" {
		f.Errors = append(f.Errors, kafka.Missing(field.NewPath(key), "the region is needed", "set it to the consumer's region, such as "+example))
	}
	return region, f
}

// CheckReach warns of hosts that have no way to what they are to fetch, in a network without a way out, and of a cluster that
// nobody outside reaches.
func (s *Stack) CheckReach(links []kafka.Link, outbound string) (f kafka.Findings) {
	warn := func(name string, source, public host.Source) {
		if outbound == address.OutboundNone && s.Hosts.Proxy == "" && source == public {
			f.Warnings = append(f.Warnings, kafka.Invalid(field.NewPath("hosts", name, "url"), source.URL, "is on the internet, and network.outbound is none: hosts fetch it only if the network has a way out of its own", "name a mirror inside the network, a proxy, or an image that has it"))
		}
	}
	warn("java", s.Hosts.Java, host.DefaultJava())
	warn("kafka", s.Hosts.Kafka, host.DefaultKafka())
	if len(links) == 0 {
		f.Warnings = append(f.Warnings, kafka.Missing(field.NewPath("links"), "without a link nobody outside the network reaches the cluster", "add one when you know your consumer"))
	}
	return f
}

// Decoded is a cloud's stack, if nothing is wrong with its configuration, and all that is to be said of that. read are the
// problems of reading it.
func Decoded[S any](stack *S, f kafka.Findings, read field.ErrorList) (*S, kafka.Findings) {
	f.Errors = config.WithoutEchoes(f.Errors, read)
	if len(f.Errors) > 0 {
		return nil, f
	}
	return stack, f
}

// tags mark everything of the cluster, so that two clusters in one account can be told apart.
func tags(own map[string]string, cluster string) map[string]string {
	return naming.Overlay(map[string]string{"kafkalink-cluster": cluster}, own)
}
