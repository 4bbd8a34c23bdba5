package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/stacks/examination"
)

// quota is a limit of an account in a region. Source of the codes: the lists of Service Quotas.
type quota struct {
	token         string // type of the resources that count in it
	what          string
	service, code string
	inEachZone    bool // it is of a zone; how many are in which is not asked
}

var quotas = []quota{
	{token: "aws:ec2/vpc:Vpc", what: "VPCs", service: "vpc", code: "L-F678F1CE"},
	{token: "aws:ec2/eip:Eip", what: "Elastic IP addresses", service: "ec2", code: "L-0263D0A3"},
	{token: "aws:ec2/natGateway:NatGateway", what: "NAT gateways", service: "vpc", code: "L-FE5A380F", inEachZone: true},
	{token: "aws:lb/loadBalancer:LoadBalancer", what: "Network Load Balancers", service: "elasticloadbalancing", code: "L-69A177A2"},
}

// standard is the quota of on-demand instances whose families begin with one of these letters.
var standard = quota{token: instance, what: "vCPUs of standard instances", service: "ec2", code: "L-1216C47A"}

const standardFamilies = "acdhimrtz"

// quotas compares what the plan adds with what the account has left in the region. What exists already is not counted
// again.
func (e *examiner) quotas() []Check {
	var checks []Check
	for _, q := range quotas {
		more := 0
		for _, p := range ofType(q.token, e.planned) {
			if p.Was == nil {
				more++
			}
		}
		if more > 0 {
			checks = append(checks, e.left(q, more))
		}
	}
	return append(checks, e.vCPUs()...)
}

func (q quota) subject(region string) string { return fmt.Sprintf("quota of %s in %s", q.what, region) }

// next is how a quota is made larger.
func (q quota) next(region string, wanted int) string {
	return fmt.Sprintf("ask for more (aws service-quotas request-service-quota-increase --region %s --service-code %s --quota-code %s "+
		"--desired-value %d), or plan less, or in another region", region, q.service, q.code, wanted)
}

func (e *examiner) left(q quota, more int) Check {
	subject := q.subject(e.caller.Region)
	limit, err := e.Quota(q.service, q.code)
	if err != nil {
		return unknown(subject, err)
	}
	used, err := e.Count(q.token)
	if err != nil {
		return unknown(subject, err)
	}
	short := examination.Short(q.what, more, used, limit)
	if short != nil && q.inEachZone && more <= limit {
		return Check{
			Subject: subject,
			Detail:  fmt.Sprintf("%d more are planned, of %d in each zone; how many of the region's %d are in that zone is not asked", more, limit, used),
			Next:    "look whether there is room for it: aws ec2 describe-nat-gateways --region " + e.caller.Region,
		}
	}
	return examination.Judge(subject, short, fmt.Sprintf("%d more are planned, %d of %d are left", more, limit-used, limit), q.next(e.caller.Region, used+more))
}

// vCPUs compares what all planned machines have with the limit, if any are new: what others run in the region cannot be
// counted, so that less may be left.
func (e *examiner) vCPUs() []Check {
	var checks []Check
	var machines []Planned
	added := false
	for _, of := range examination.Groups(e.machines(), typeOf) {
		more := slices.ContainsFunc(of.Members, func(m Planned) bool { return examination.Text(m.Was, "instanceType") != of.Wanted })
		if isStandard(of.Wanted) {
			machines, added = append(machines, of.Members...), added || more
		} else if more {
			checks = append(checks, Check{
				Subject: "quota of instances of type " + of.Wanted, Detail: "not known which it is",
				Next: "look in the console of Service Quotas, under Amazon EC2, for that of the family's on-demand instances",
			})
		}
	}
	if added {
		checks = append(checks, e.standard(machines))
	}
	return checks
}

// standard compares what machines of standard families have with their quota.
func (e *examiner) standard(machines []Planned) Check {
	subject, planned := standard.subject(e.caller.Region), 0
	for _, m := range machines {
		found, known := e.types[typeOf(m)]
		if !known {
			return examination.Unknown(subject, "how many "+typeOf(m)+" has is not known", administrator)
		}
		planned += found.VCPUs
	}
	limit, err := e.Quota(standard.service, standard.code)
	if err != nil {
		return unknown(subject, err)
	}
	var short []string
	if planned > limit {
		short = []string{fmt.Sprintf("the planned machines have %d, and %d may run", planned, limit)}
	}
	return examination.Judge(subject, short,
		fmt.Sprintf("the planned machines have %d of %d; what else runs there is not counted", planned, limit), standard.next(e.caller.Region, planned))
}

// isStandard tells whether a type is of a family of one of the letters, with any generation: "m6i.large", not "mac1.metal".
func isStandard(name string) bool {
	end := strings.IndexAny(name, "0123456789")
	return end == 1 && strings.Contains(standardFamilies, name[:1])
}
