package azure

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// Endpoint is one Private Link Service and the links that share it.
type Endpoint struct {
	Name  string
	Plan  azure.LinkPlan
	Links []azure.LinkRoutes
}

// addEndpoints groups links by endpoint service, whose settings the first link of a group carries. It validates the
// links as they were given, so that their problems are said beside those of the model.
func (s *Stack) addEndpoints(cluster string, links []Link) (f kafka.Findings) {
	claimed := names{}
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
			f.Errors = append(f.Errors, claimed.claim(path.Child("loadBalancer"), "load balancer", plan.LoadBalancer, l.Name)...)
			f.Errors = append(f.Errors, claimed.claim(path.Child("service"), "service", plan.Service, l.Name)...)
		}
		f.Errors = append(f.Errors, claimed.claim(path.Child("rule"), "rule of "+l.Endpoint, plan.Rule, l.Name)...)
		f.Errors = append(f.Errors, claimed.claim(path.Child("probe"), "probe of "+l.Endpoint, plan.Probe, l.Name)...)
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
