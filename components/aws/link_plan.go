package aws

import (
	"cmp"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// LinkPlan is the endpoint service of one or more links: an internal Network Load Balancer and its VPC endpoint service.
type LinkPlan struct {
	// LoadBalancer, SecurityGroup and Service are names of what links of one endpoint share.
	LoadBalancer  string `json:"loadBalancer,omitempty" pulumi:"loadBalancer"`
	SecurityGroup string `json:"securityGroup,omitempty" pulumi:"securityGroup"`
	Service       string `json:"service,omitempty" pulumi:"service"`
	// TargetGroup is the prefix of the names of the brokers' target groups, which the node id follows; BootstrapTargetGroup the
	// name of the one that leads to all of them.
	TargetGroup          string `json:"targetGroup,omitempty" pulumi:"targetGroup"`
	BootstrapTargetGroup string `json:"bootstrapTargetGroup,omitempty" pulumi:"bootstrapTargetGroup"`
	// Principals lists who may connect: arn:aws:iam::<account>:root, or a user or role without a path;
	// "*" is anyone who has the name.
	Principals []string `json:"principals,omitempty" pulumi:"principals"`
	// Consumers lists the IPv4 CIDRs that consumers' connections come from, in their own network.
	Consumers []string `json:"consumers,omitempty" pulumi:"consumers"`
	// AutoAccept connects allowed principals without asking. Otherwise each connection is accepted by hand.
	AutoAccept bool `json:"autoAccept,omitempty" pulumi:"autoAccept"`
	// CrossZone lets a zone's load balancer node lead to brokers of other zones, for a price per GiB.
	CrossZone bool `json:"crossZone,omitempty" pulumi:"crossZone"`
	// IdleTimeoutSeconds after which the load balancer forgets an idle flow, 60 to 6000. Default 350.
	IdleTimeoutSeconds int `json:"idleTimeoutSeconds,omitempty" pulumi:"idleTimeoutSeconds"`
}

// Anyone with the service's name, as AWS writes it.
const Anyone = "*"

// WithDefaults fills what was left out. A link that joins another's endpoint has only target groups of its own.
func (p LinkPlan) WithDefaults(name string, l kafka.Link) LinkPlan {
	base := name + "-" + l.Endpoint
	p.LoadBalancer = cmp.Or(p.LoadBalancer, loadBalancerRule.Fit(base+"-lb"))
	p.SecurityGroup = cmp.Or(p.SecurityGroup, securityGroupRule.Fit(base+"-lb"))
	p.Service = cmp.Or(p.Service, serviceRule.Fit(base+"-service"))
	prefix := targetGroupRule
	prefix.Max -= len("-bootstrap") + 2 // as long as a hyphen and any node id
	group := prefix.Fit(name + "-" + l.Name)
	p.TargetGroup = cmp.Or(p.TargetGroup, group+"-")
	p.BootstrapTargetGroup = cmp.Or(p.BootstrapTargetGroup, group+"-bootstrap")
	p.IdleTimeoutSeconds = cmp.Or(p.IdleTimeoutSeconds, 350)
	return p
}
