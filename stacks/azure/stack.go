package azure

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// Stack is a valid configuration with its defaults, ready to be registered.
type Stack struct {
	Cluster       *kafka.Cluster
	ResourceGroup ResourceGroup
	Network       azure.NetworkPlan
	Machines      azure.MachinePlan
	Hosts         host.Config
	Endpoints     []Endpoint
	Operator      Operator
	Tags          map[string]string
}

// Decode reads and validates a stack's configuration: every problem at once. It is pure. The identity, "project/stack",
// seeds the cluster id where the configuration names none.
func Decode(identity string, values map[string]any) (*Stack, kafka.Findings) {
	c, errs := parse(values)
	findings := kafka.Findings{Errors: errs}
	links := make([]kafka.Link, 0, len(c.Links))
	for _, l := range c.Links {
		links = append(links, l.Link)
	}
	cluster, found := kafka.Resolve(c.Cluster, links, kafka.WithIdentity(identity), kafka.WithAddresses(addressing(c.Network.WithDefaults(""))))
	findings.Add(found)
	name := kafka.DefaultName // names composed from a bad one would only repeat what is said of it
	if c.Cluster.Name != "" && !about(found.Errors, "cluster.name") {
		name = c.Cluster.Name
	}
	network := c.Network.WithDefaults(name)
	s := &Stack{
		Cluster: cluster, ResourceGroup: c.ResourceGroup, Network: network,
		Machines: c.Machines.WithDefaults(name), Hosts: c.Hosts.WithDefaults(), Operator: c.Operator, Tags: tags(c.Tags, name),
	}
	if s.ResourceGroup.Name == "" {
		s.ResourceGroup.Name = name
	}
	findings.Add(s.validate(c.Cluster))
	findings.Add(s.addEndpoints(name, c.Links))
	findings.Add(checkRegion(values, links))
	findings.Add(s.checkRoom(c.Cluster))
	findings.Add(s.checkDownloads())
	if len(links) == 0 {
		findings.Warnings = append(findings.Warnings, kafka.Missing(field.NewPath("links"), "without a link nobody outside the network reaches the cluster", "add one when you know your consumer"))
	}
	findings.Errors = withoutEchoes(findings.Errors, errs)
	if len(findings.Errors) > 0 {
		return nil, findings
	}
	return s, findings
}

// withoutEchoes drops what the rules say of settings that could not even be read.
func withoutEchoes(all, unreadable field.ErrorList) field.ErrorList {
	kept := slices.Clone(unreadable)
	for _, e := range all[len(unreadable):] {
		if !slices.ContainsFunc(unreadable, func(u *field.Error) bool { return within(e.Field, u.Field) }) {
			kept = append(kept, e)
		}
	}
	return kept
}

// within says whether a path is another or lies below it: links[1].name below links[1], links[10] not.
func within(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// checkDownloads warns of hosts that have no way to what they are to fetch.
func (s *Stack) checkDownloads() (f kafka.Findings) {
	if s.Network.Outbound != azure.OutboundNone {
		return f
	}
	warn := func(name string, source, public host.Source) {
		if source == public {
			f.Warnings = append(f.Warnings, kafka.Invalid(field.NewPath("hosts", name, "url"), source.URL, "is on the internet, and network.outbound is none: hosts fetch it only if the network has a way out of its own", "name a mirror inside the network, or an image that has it"))
		}
	}
	warn("java", s.Hosts.Java, host.DefaultJava())
	warn("kafka", s.Hosts.Kafka, host.DefaultKafka())
	return f
}

func about(errs field.ErrorList, path string) bool {
	return slices.ContainsFunc(errs, func(e *field.Error) bool { return e.Field == path })
}

func (s *Stack) validate(spec kafka.Spec) (f kafka.Findings) {
	f.Errors = append(f.Errors, azure.CheckResourceGroupName(field.NewPath("resourceGroup", "name"), s.ResourceGroup.Name)...)
	f.Add(s.Network.Validate(field.NewPath("network"), spec))
	f.Add(s.Machines.Validate(field.NewPath("machines"), spec))
	f.Add(s.Hosts.Validate(field.NewPath("hosts")))
	f.Errors = append(f.Errors, azure.CheckTags(field.NewPath("tags"), s.Tags)...)
	if s.Cluster == nil {
		return f
	}
	f.Add(s.Hosts.ValidateVersion(field.NewPath("hosts"), s.Cluster.Version))
	f.Add(s.checkOperator(field.NewPath("operator")))
	return f
}

// addressing plans a node's address from the brokers' subnet; the subnet's own problems are said elsewhere.
func addressing(network azure.NetworkPlan) func(kafka.Node) (string, error) {
	prefix, err := network.BrokersPrefix()
	if err != nil {
		return nil
	}
	return func(n kafka.Node) (string, error) { return azure.NodeAddress(prefix, n) }
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

// tags mark everything of the cluster, so that two clusters in one subscription can be told apart.
func tags(own map[string]string, cluster string) map[string]string {
	all := map[string]string{"kafkalink-cluster": cluster}
	maps.Copy(all, own)
	return all
}
