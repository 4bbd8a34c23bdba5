package azure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
)

// rulesPerLoadBalancer is Azure's limit: links of an endpoint x brokers. Source: load balancer limits.
const rulesPerLoadBalancer = 1500

var subscriptionPattern = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Validate returns every problem of the endpoint service of a plan that has its defaults.
func (p LinkPlan) Validate(path *field.Path) kafka.Findings {
	var f kafka.Findings
	fail := func(at *field.Path, value any, rule, remedy string) {
		f.Errors = append(f.Errors, kafka.Invalid(at, value, rule, remedy))
	}
	f.Errors = append(f.Errors, loadBalancerRule.Check(path.Child("loadBalancer"), p.LoadBalancer)...)
	f.Errors = append(f.Errors, serviceRule.Check(path.Child("service"), p.Service)...)
	f.Errors = append(f.Errors, lbPartRule.Check(path.Child("frontend"), p.Frontend)...)
	f.Errors = append(f.Errors, checkPrefix(path.Child("pool"), p.Pool)...)
	if p.NATAddresses < 1 || p.NATAddresses > 8 {
		fail(path.Child("natAddresses"), p.NATAddresses, "a Private Link Service translates from 1 to 8 addresses", "choose a number in between")
	}
	if p.IdleTimeoutMinutes < 4 || p.IdleTimeoutMinutes > 100 {
		fail(path.Child("idleTimeoutMinutes"), p.IdleTimeoutMinutes, "a load balancer's idle timeout is 4 to 100 minutes", "choose a number in between")
	}
	f.Add(p.validateConsumers(path))
	return f
}

// ValidateLink returns every problem of a link's share in an endpoint service.
func (p LinkPlan) ValidateLink(path *field.Path, l kafka.Link) (errs field.ErrorList) {
	errs = append(errs, checkPrefix(path.Child("rule"), p.Rule)...)
	errs = append(errs, checkPrefix(path.Child("probe"), p.Probe)...)
	if l.BootstrapPort != 0 {
		errs = append(errs, kafka.Invalid(path.Child("bootstrapPort"), l.BootstrapPort, "on Azure consumers bootstrap on the brokers' own endpoint ports", "remove it"))
	}
	return errs
}

// validateConsumers checks who may see the service and who is approved without being asked.
func (p LinkPlan) validateConsumers(path *field.Path) (f kafka.Findings) {
	visibility, approval := path.Child("visibility"), path.Child("autoApproval")
	if len(p.Visibility) == 0 {
		f.Errors = append(f.Errors, kafka.Missing(visibility, "nobody could see the Private Link Service", `list the consumer's subscription, or "*" for anyone who has the alias`))
	}
	known := len(p.Visibility) > 0 // who can see the service; not what a mistake in visibility leaves of them
	for i, s := range p.Visibility {
		if s == Anyone {
			f.Warnings = append(f.Warnings, kafka.Invalid(visibility.Index(i), s, "anyone who learns the alias can ask for a connection", "list the consumer's subscription instead"))
			continue
		}
		errs := checkSubscription(visibility.Index(i), s, p.Visibility[:i])
		known = known && len(errs) == 0
		f.Errors = append(f.Errors, errs...)
	}
	for i, s := range p.AutoApproval {
		at := approval.Index(i)
		if s == Anyone {
			f.Errors = append(f.Errors, kafka.Invalid(at, s, "would connect anyone who learns the alias, unseen", "list the consumer's subscription"))
			continue
		}
		if errs := checkSubscription(at, s, p.AutoApproval[:i]); len(errs) > 0 {
			f.Errors = append(f.Errors, errs...)
		} else if known && !slices.Contains(p.Visibility, Anyone) && !containsFold(p.Visibility, s) {
			f.Errors = append(f.Errors, kafka.Invalid(at, s, "is approved but cannot see the service", "add it to visibility, of which autoApproval is a part"))
		}
	}
	if len(p.AutoApproval) == 0 {
		f.Warnings = append(f.Warnings, kafka.Missing(approval, "every connection waits until it is approved by hand", "list the consumer's subscription to approve it at once"))
	}
	return f
}

func checkSubscription(path *field.Path, s string, before []string) field.ErrorList {
	if !subscriptionPattern.MatchString(s) {
		return field.ErrorList{kafka.Invalid(path, s, "is not a subscription id", "write one like 99549169-6cee-4263-8491-924a3011ee31")}
	}
	if containsFold(before, s) {
		return field.ErrorList{field.Duplicate(path, s)}
	}
	return nil
}

// checkPrefix checks the start of the name of a part of a load balancer, which a node id follows.
func checkPrefix(path *field.Path, prefix string) field.ErrorList {
	return lbPartRule.CheckPrefix(path, prefix, "Azure", "use at most 69 letters, digits, periods, underscores and hyphens, starting with a letter or digit")
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, s) })
}

// CheckSize refuses more links than a load balancer has rules for.
func (p LinkPlan) CheckSize(path *field.Path, links []kafka.Link, brokers int) field.ErrorList {
	if len(links)*brokers <= rulesPerLoadBalancer {
		return nil
	}
	return field.ErrorList{kafka.Invalid(path, links[0].Endpoint, fmt.Sprintf("needs more than the %d rules a load balancer takes", rulesPerLoadBalancer), "give this link an endpoint of its own")}
}

// ServiceNames are those of which a stack can have one each.
func (p LinkPlan) ServiceNames() []naming.Claim {
	return []naming.Claim{{Kind: "load balancer", Key: "loadBalancer", Name: p.LoadBalancer}, {Kind: "service", Key: "service", Name: p.Service}}
}

// LinkNames are those of which an endpoint service can have one each.
func (p LinkPlan) LinkNames(endpoint string) []naming.Claim {
	return []naming.Claim{{Kind: "rule of " + endpoint, Key: "rule", Name: p.Rule, Prefix: true}, {Kind: "probe of " + endpoint, Key: "probe", Name: p.Probe, Prefix: true}}
}

// ServiceSettings are those of the endpoint service, which a link that joins another link's does not have.
func (p LinkPlan) ServiceSettings() []kafka.Setting {
	return []kafka.Setting{
		{Key: "loadBalancer", Given: p.LoadBalancer != ""},
		{Key: "frontend", Given: p.Frontend != ""},
		{Key: "pool", Given: p.Pool != ""},
		{Key: "service", Given: p.Service != ""},
		{Key: "visibility", Given: p.Visibility != nil},
		{Key: "autoApproval", Given: p.AutoApproval != nil},
		{Key: "natAddresses", Given: p.NATAddresses != 0},
		{Key: "idleTimeoutMinutes", Given: p.IdleTimeoutMinutes != 0},
	}
}
