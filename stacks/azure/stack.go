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

// Endpoint is one Private Link Service and the links that share it.
type Endpoint struct {
	Name  string
	Plan  azure.LinkPlan
	Links []azure.LinkRoutes
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
		echo := slices.ContainsFunc(unreadable, func(u *field.Error) bool { return strings.HasPrefix(e.Field, u.Field) })
		if !echo {
			kept = append(kept, e)
		}
	}
	return kept
}

// lowAddresses are those of a subnet below the nodes' own that Azure gives to others: hosts 4 to 10.
const lowAddresses = 7

// checkRoom keeps the addresses that Azure hands out by itself, the lowest free ones, below those planned for nodes.
func (s *Stack) checkRoom(spec kafka.Spec) (f kafka.Findings) {
	taken := len(s.Endpoints)
	for _, e := range s.Endpoints {
		if s.Network.SharedSubnet() {
			taken += e.Plan.NATAddresses
		}
	}
	if taken > lowAddresses && len(spec.Nodes) == 0 {
		f.Errors = append(f.Errors, kafka.Invalid(field.NewPath("links"), taken, "frontends and translation addresses in the brokers' subnet would take addresses that are planned for brokers",
			"let links share an endpoint, give the Private Link Services a subnet of their own, or list cluster.nodes with addresses out of the way"))
	}
	return f
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
	operator := field.NewPath("operator")
	f.Add(s.checkNodes(operator.Child("acceptBlankDisk"), s.Operator.AcceptBlankDisk, "its blank disk may be formatted"))
	f.Add(s.checkNodes(operator.Child("force"), s.Operator.Force, "it may be restarted without the safety check"))
	f.Add(s.checkNodes(operator.Child("retire"), s.Operator.Retire, "its data disk is not protected"))
	f.Add(s.checkEndpoints(operator.Child("retireEndpoints")))
	return f
}

func (s *Stack) checkEndpoints(path *field.Path) (f kafka.Findings) {
	for i, name := range s.Operator.RetireEndpoints {
		at := path.Index(i)
		if !slices.ContainsFunc(s.Cluster.Links, func(l kafka.Link) bool { return l.Endpoint == name }) {
			f.Errors = append(f.Errors, kafka.Invalid(at, name, "is not the endpoint of a link of this cluster", "name one, by default a link's name"))
			continue
		}
		f.Warnings = append(f.Warnings, kafka.Invalid(at, name, "as long as this stands, its Private Link Service is not protected", "remove it when it has served"))
	}
	return f
}

// checkNodes says what an operator's permission means for as long as it stands.
func (s *Stack) checkNodes(path *field.Path, ids []int, meaning string) (f kafka.Findings) {
	for i, id := range ids {
		if _, ok := s.Cluster.Node(id); !ok {
			f.Errors = append(f.Errors, kafka.Invalid(path.Index(i), id, "is not the id of a node of this cluster", "name one of its nodes"))
			continue
		}
		f.Warnings = append(f.Warnings, kafka.Invalid(path.Index(i), id, "as long as this stands, "+meaning, "remove it when it has served"))
	}
	return f
}

// addEndpoints groups links by endpoint service, whose settings the first link of a group carries. It validates the
// links as they were given, so that their problems are said beside those of the model.
func (s *Stack) addEndpoints(cluster string, links []Link) (f kafka.Findings) {
	names := names{}
	for i, given := range links {
		l := given.Link
		if s.Cluster != nil {
			l = s.Cluster.Links[i]
		} else if l.Endpoint == "" {
			l.Endpoint = l.Name
		}
		path, plan := field.NewPath("links").Index(i), given.LinkPlan.WithDefaults(cluster, l)
		at := slices.IndexFunc(s.Endpoints, func(e Endpoint) bool { return e.Name == l.Endpoint })
		if at >= 0 && given.Link.Endpoint == "" {
			continue // two links of one name, which the model says
		} else if at >= 0 {
			f.Add(azure.CheckSharedPlan(path, given.LinkPlan, l.Endpoint))
		} else {
			at = len(s.Endpoints)
			s.Endpoints = append(s.Endpoints, Endpoint{Name: l.Endpoint, Plan: plan})
			f.Add(plan.Validate(path, l))
			f.Errors = append(f.Errors, names.claim(path.Child("loadBalancer"), "load balancer", plan.LoadBalancer, l.Name)...)
			f.Errors = append(f.Errors, names.claim(path.Child("service"), "service", plan.Service, l.Name)...)
		}
		f.Errors = append(f.Errors, names.claim(path.Child("rule"), "rule of "+l.Endpoint, plan.Rule, l.Name)...)
		f.Errors = append(f.Errors, names.claim(path.Child("probe"), "probe of "+l.Endpoint, plan.Probe, l.Name)...)
		e := &s.Endpoints[at]
		e.Links = append(e.Links, azure.LinkRoutes{Link: l, Rule: plan.Rule, Probe: plan.Probe})
		if s.Cluster != nil && len(e.Links)*len(s.Cluster.Brokers()) > azure.RulesPerLoadBalancer {
			f.Errors = append(f.Errors, kafka.Invalid(path.Child("endpoint"), l.Endpoint, "needs more than the 1500 rules a load balancer takes", "give this link an endpoint of its own"))
		}
	}
	return f
}

// names says which link was the first to use a name of a kind.
type names map[string]string

// claim refuses a second use: two endpoint services under one Azure name, two links of one service under one rule name.
func (n names) claim(path *field.Path, kind, name, link string) field.ErrorList {
	key := kind + " " + strings.ToLower(name)
	if first, taken := n[key]; taken {
		return field.ErrorList{kafka.Invalid(path, name, "is the name of link "+first+"'s too", "choose another")}
	}
	n[key] = link
	return nil
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
