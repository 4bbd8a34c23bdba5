package aws

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
)

// trackedSeconds is how long instances of Nitro v6 track an idle TCP connection by default; older ones do for five days.
// Source: "ConnectionTrackingConfiguration" in the API reference of EC2.
const trackedSeconds = 350

// listenersPerLoadBalancer is AWS's limit, which it does not raise. Source: quotas of Network Load Balancers.
const listenersPerLoadBalancer = 50

var (
	principalARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}):(root|(user|role)/([A-Za-z0-9+=,.@_/-]+))$`)
	accountID    = regexp.MustCompile(`^[0-9]{12}$`)
	digits       = regexp.MustCompile(`^[0-9]+$`)
)

// Validate returns every problem of the endpoint service of a plan that has its defaults.
func (p LinkPlan) Validate(path *field.Path) kafka.Findings {
	var f kafka.Findings
	f.Errors = append(f.Errors, checkLoadBalancer(path.Child("loadBalancer"), p.LoadBalancer)...)
	f.Errors = append(f.Errors, securityGroupRule.Check(path.Child("securityGroup"), p.SecurityGroup)...)
	f.Errors = append(f.Errors, serviceRule.Check(path.Child("service"), p.Service)...)
	f.Add(validateIdleTimeout(path.Child("idleTimeoutSeconds"), p.IdleTimeoutSeconds))
	f.Add(p.validatePrincipals(path.Child("principals")))
	f.Add(p.validateConsumers(path.Child("consumers")))
	return f
}

func validateIdleTimeout(path *field.Path, seconds int) (f kafka.Findings) {
	switch {
	case seconds < 60 || seconds > 6000:
		f.Errors = append(f.Errors, kafka.Invalid(path, seconds, "a Network Load Balancer's idle timeout is 60 to 6000 seconds", "choose a number in between"))
	case seconds < 150:
		f.Warnings = append(f.Warnings, kafka.Invalid(path, seconds, "forgets idle connections before hosts ask after them, every two minutes", "leave it out, or choose 150 or more"))
	case seconds > trackedSeconds:
		f.Warnings = append(f.Warnings, kafka.Invalid(path, seconds, "is longer than instances of the newest types (Nitro v6, such as m8i) keep an idle connection, which is 350 seconds: it would end unseen", "leave it out, or choose 350 or less"))
	}
	return f
}

func checkLoadBalancer(path *field.Path, name string) field.ErrorList {
	errs := loadBalancerRule.Check(path, name)
	if strings.HasPrefix(name, "internal-") {
		errs = append(errs, kafka.Invalid(path, name, "begins with internal-, which is AWS's own", "choose another name"))
	}
	return errs
}

// ValidateLink returns every problem of a link's share in an endpoint service: its target groups.
func (p LinkPlan) ValidateLink(path *field.Path, l kafka.Link) (errs field.ErrorList) {
	errs = append(errs, targetGroupRule.CheckPrefix(path.Child("targetGroup"), p.TargetGroup, "AWS", "use at most 21 letters, digits and hyphens, starting with a letter or digit")...)
	if l.BootstrapPort == 0 {
		return errs
	}
	bootstrap := path.Child("bootstrapTargetGroup")
	errs = append(errs, targetGroupRule.Check(bootstrap, p.BootstrapTargetGroup)...)
	if node, ofBroker := strings.CutPrefix(p.BootstrapTargetGroup, p.TargetGroup); ofBroker && digits.MatchString(node) {
		errs = append(errs, kafka.Invalid(bootstrap, p.BootstrapTargetGroup, "is, or will be, the name of broker "+node+"'s own", "choose another"))
	}
	return errs
}

func (p LinkPlan) validatePrincipals(path *field.Path) (f kafka.Findings) {
	if len(p.Principals) == 0 {
		f.Errors = append(f.Errors, kafka.Missing(path, "nobody could connect to the endpoint service", "list the consumer's account, as arn:aws:iam::<account>:root"))
	}
	for i, s := range p.Principals {
		at, parts := path.Index(i), principalARN.FindStringSubmatch(s)
		switch {
		case s == Anyone && p.AutoAccept:
			f.Errors = append(f.Errors, kafka.Invalid(at, s, "would connect anyone who learns the service's name, unseen", "list the consumer's account, or remove autoAccept"))
		case s == Anyone:
			f.Warnings = append(f.Warnings, kafka.Invalid(at, s, "anyone who learns the service's name can ask for a connection", "list the consumer's account instead"))
		case accountID.MatchString(s):
			f.Errors = append(f.Errors, kafka.Invalid(at, s, "is an account's number, not a principal", "write arn:aws:iam::"+s+":root"))
		case parts == nil:
			f.Errors = append(f.Errors, kafka.Invalid(at, s, "is not the ARN of an account, user or role", "write one like arn:aws:iam::123456789012:root"))
		case strings.Contains(parts[4], "/"):
			f.Errors = append(f.Errors, kafka.Invalid(at, s, "is a user or role with a path, which AWS does not take here", "write one without a path, or its whole account, arn:aws:iam::"+parts[1]+":root"))
		case slices.Contains(p.Principals[:i], s):
			f.Errors = append(f.Errors, field.Duplicate(at, s))
		}
	}
	return f
}

// validateConsumers: the load balancer's security group sees consumers by their own addresses, and admits nobody else.
func (p LinkPlan) validateConsumers(path *field.Path) (f kafka.Findings) {
	if len(p.Consumers) == 0 {
		f.Errors = append(f.Errors, kafka.Missing(path, "the load balancer would admit nobody", "list the CIDRs of the consumer, as its console shows them"))
	}
	for i, cidr := range p.Consumers {
		address.Range(&f, path.Index(i), cidr)
		if slices.Contains(p.Consumers[:i], cidr) {
			f.Errors = append(f.Errors, field.Duplicate(path.Index(i), cidr))
		}
	}
	return f
}

// CheckSize refuses more links than a load balancer has listeners for.
func (p LinkPlan) CheckSize(path *field.Path, links []kafka.Link, brokers int) field.ErrorList {
	listeners := len(links) * brokers
	for _, l := range links {
		if l.BootstrapPort != 0 {
			listeners++
		}
	}
	if listeners <= listenersPerLoadBalancer {
		return nil
	}
	do := "give this link an endpoint of its own"
	if len(links) == 1 {
		do = fmt.Sprintf("plan %d brokers fewer", listeners-listenersPerLoadBalancer)
		if links[0].BootstrapPort != 0 && listeners == listenersPerLoadBalancer+1 {
			do = "leave bootstrapPort out, or plan one broker fewer"
		}
	}
	return field.ErrorList{kafka.Invalid(path, links[0].Endpoint, fmt.Sprintf("needs %d listeners, and a Network Load Balancer has at most %d", listeners, listenersPerLoadBalancer), do)}
}

// ServiceNames are those of which a stack can have one each.
func (p LinkPlan) ServiceNames() []naming.Claim {
	return []naming.Claim{{Kind: "load balancer", Key: "loadBalancer", Name: p.LoadBalancer}, {Kind: "security group", Key: "securityGroup", Name: p.SecurityGroup}, {Kind: "service", Key: "service", Name: p.Service}}
}

// LinkNames are those of which the account can have one each.
func (p LinkPlan) LinkNames(string) []naming.Claim {
	return []naming.Claim{{Kind: "target group", Key: "targetGroup", Name: p.TargetGroup, Prefix: true}, {Kind: "target group", Key: "bootstrapTargetGroup", Name: p.BootstrapTargetGroup}}
}

// ServiceSettings are those of the endpoint service, which a link that joins another link's does not have.
func (p LinkPlan) ServiceSettings() []kafka.Setting {
	return []kafka.Setting{
		{Key: "loadBalancer", Given: p.LoadBalancer != ""},
		{Key: "securityGroup", Given: p.SecurityGroup != ""},
		{Key: "service", Given: p.Service != ""},
		{Key: "principals", Given: p.Principals != nil},
		{Key: "consumers", Given: p.Consumers != nil},
		{Key: "autoAccept", Given: p.AutoAccept},
		{Key: "crossZone", Given: p.CrossZone},
		{Key: "idleTimeoutSeconds", Given: p.IdleTimeoutSeconds != 0},
	}
}
