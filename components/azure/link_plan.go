package azure

import (
	"cmp"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// LinkPlan is the endpoint service of one or more links: an internal load balancer and its Private Link Service.
type LinkPlan struct {
	// LoadBalancer, Frontend, Pool, Rule, Probe and Service are names; the node id follows Pool, and Rule and Probe.
	LoadBalancer string `json:"loadBalancer,omitempty" pulumi:"loadBalancer"`
	Frontend     string `json:"frontend,omitempty" pulumi:"frontend"`
	Pool         string `json:"pool,omitempty" pulumi:"pool"`
	Rule         string `json:"rule,omitempty" pulumi:"rule"`
	Probe        string `json:"probe,omitempty" pulumi:"probe"`
	Service      string `json:"service,omitempty" pulumi:"service"`
	// Visibility lists the subscriptions that may see the service; "*" is anyone who has the alias.
	Visibility []string `json:"visibility,omitempty" pulumi:"visibility"`
	// AutoApproval lists the subscriptions whose connections need no approval; a part of Visibility.
	AutoApproval []string `json:"autoApproval,omitempty" pulumi:"autoApproval"`
	// NATAddresses is how many addresses translate consumers' connections, 1 to 8, about 64,000 flows each. Azure does
	// not let go of one once it is there. Default 1.
	NATAddresses int `json:"natAddresses,omitempty" pulumi:"natAddresses"`
	// IdleTimeoutMinutes after which the load balancer resets an idle flow, 4 to 100. Default 4; the Private Link
	// Service drops idle flows near 5 minutes whatever is said here.
	IdleTimeoutMinutes int `json:"idleTimeoutMinutes,omitempty" pulumi:"idleTimeoutMinutes"`
}

// Anyone with the alias, as Azure writes it.
const Anyone = "*"

// WithDefaults fills what was left out. A link that joins another's endpoint has only rules and probes of its own.
func (p LinkPlan) WithDefaults(name string, l kafka.Link) LinkPlan {
	base := name + "-" + l.Endpoint
	p.LoadBalancer = cmp.Or(p.LoadBalancer, loadBalancerRule.Fit(base+"-lb"))
	p.Frontend = cmp.Or(p.Frontend, lbPartRule.Fit(base+"-frontend"))
	p.Service = cmp.Or(p.Service, serviceRule.Fit(base+"-pls"))
	p.Pool = cmp.Or(p.Pool, "broker-")
	p.Rule = cmp.Or(p.Rule, l.Name+"-")
	p.Probe = cmp.Or(p.Probe, l.Name+"-probe-")
	p.NATAddresses = cmp.Or(p.NATAddresses, 1)
	p.IdleTimeoutMinutes = cmp.Or(p.IdleTimeoutMinutes, 4)
	return p
}
