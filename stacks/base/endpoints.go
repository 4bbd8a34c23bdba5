package base

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
)

// LinkPlan is what a cloud's configuration of a link says of its endpoint service.
type LinkPlan[P any] interface {
	// WithDefaults fills what was left out.
	WithDefaults(cluster string, l kafka.Link) P
	// Validate returns every problem of the endpoint service of a plan that has its defaults, ValidateLink those of the link's
	// own share in it.
	Validate(path *field.Path) kafka.Findings
	ValidateLink(path *field.Path, l kafka.Link) field.ErrorList
	// ServiceSettings are those of the endpoint service, which a link that joins another link's does not have.
	ServiceSettings() []kafka.Setting
	// ServiceNames are those that the stack can have once per endpoint service, LinkNames those that a link brings to one.
	ServiceNames() []naming.Claim
	LinkNames(endpoint string) []naming.Claim
	// CheckSize refuses more links at one endpoint service than its load balancer takes.
	CheckSize(path *field.Path, links []kafka.Link, brokers int) field.ErrorList
}

// Link is one share of an endpoint service.
type Link[P LinkPlan[P]] struct {
	Link kafka.Link
	Plan P
}

// Endpoint is one endpoint service and the links that share it.
type Endpoint[P LinkPlan[P]] struct {
	Name string
	// Plan of the service: the first link's.
	Plan  P
	Links []Link[P]
}

// LinksOf are a configuration's links without what a cloud adds to them. parts takes one apart.
func LinksOf[L, P any](links []L, parts func(L) (kafka.Link, P)) []kafka.Link {
	plain := make([]kafka.Link, len(links))
	for i, l := range links {
		plain[i], _ = parts(l)
	}
	return plain
}

// Group puts links together that share an endpoint service, whose settings the first link of a group carries. It
// validates the links as they were given, so that their problems are said beside those of the model.
func Group[L any, P LinkPlan[P]](s *Stack, links []L, parts func(L) (kafka.Link, P)) (endpoints []Endpoint[P], f kafka.Findings) {
	claimed := claims{}
	for i := range links {
		given, own := parts(links[i])
		l := given
		if s.Cluster != nil {
			l = s.Cluster.Links[i]
		} else if l.Endpoint == "" {
			l.Endpoint = l.Name
		}
		path, plan := field.NewPath("links").Index(i), own.WithDefaults(s.Name, l)
		at := slices.IndexFunc(endpoints, func(e Endpoint[P]) bool { return e.Name == l.Endpoint })
		if at >= 0 && given.Endpoint == "" {
			continue // two links of one name, which the model says
		} else if at >= 0 {
			f.Errors = append(f.Errors, checkShared(path, own.ServiceSettings(), l.Endpoint)...)
		} else {
			at = len(endpoints)
			endpoints = append(endpoints, Endpoint[P]{Name: l.Endpoint, Plan: plan})
			f.Add(plan.Validate(path))
			f.Errors = append(f.Errors, claimed.claim(path, plan.ServiceNames(), l.Name)...)
		}
		f.Errors = append(f.Errors, plan.ValidateLink(path, l)...)
		f.Errors = append(f.Errors, claimed.claim(path, plan.LinkNames(l.Endpoint), l.Name)...)
		e := &endpoints[at]
		e.Links = append(e.Links, Link[P]{l, plan})
		if s.Cluster != nil {
			f.Errors = append(f.Errors, plan.CheckSize(path.Child("endpoint"), e.links(), len(s.Cluster.Brokers()))...)
		}
	}
	return endpoints, f
}

func (e Endpoint[P]) links() []kafka.Link {
	links := make([]kafka.Link, len(e.Links))
	for i, l := range e.Links {
		links[i] = l.Link
	}
	return links
}

// checkShared refuses an endpoint service's settings on a link that joins another link's service.
func checkShared(path *field.Path, settings []kafka.Setting, endpoint string) (errs field.ErrorList) {
	for _, s := range settings {
		if s.Given {
			errs = append(errs, kafka.Forbidden(path.Child(s.Key), "endpoint "+endpoint+" is set up by the first link that names it", "set it there"))
		}
	}
	return errs
}

// claims are names, and which link was the first to use each.
type claims []claim

type claim struct {
	naming.Claim
	link string
}

// claim refuses a second use: two endpoint services under one of the cloud's names, two links of one service under one. Where a
// link's own names meet, it says so itself.
func (c *claims) claim(path *field.Path, names []naming.Claim, link string) (errs field.ErrorList) {
	for _, n := range names {
		i := slices.IndexFunc(*c, func(first claim) bool { return first.Meets(n) })
		if i < 0 {
			*c = append(*c, claim{n, link})
			continue
		}
		switch first := (*c)[i]; {
		case strings.EqualFold(first.Name, n.Name):
			errs = append(errs, kafka.Invalid(path.Child(n.Key), n.Name, "is the name of link "+first.link+"'s too", "choose another"))
		case first.link != link:
			errs = append(errs, kafka.Invalid(path.Child(n.Key), n.Name, "is, or will be, a name of link "+first.link+"'s too: a node's id follows "+shorter(first.Name, n.Name), "choose another"))
		}
	}
	return errs
}

func shorter(one, two string) string {
	if len(one) < len(two) {
		return one
	}
	return two
}
