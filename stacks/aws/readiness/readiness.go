package readiness

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kafkalink/kafkalink/stacks/examination"
)

// Planned is what every cloud is asked about.
type Planned = examination.Planned

// Check is what every cloud's answer becomes.
type Check = examination.Check

// AWS is what can be asked of a region, with the credentials that an update would use.
type AWS interface {
	// Caller is whose credentials these are, and where they lead.
	Caller() (Caller, error)
	// Zones are the ids of the region's availability zones, by the names that this account has for them.
	Zones() (map[string]string, error)
	// Offers are the ids of the zones in which each of some types of instances can be had.
	Offers(types []string) (map[string][]string, error)
	// Type of an instance.
	Type(name string) (Type, error)
	// Architecture of an image; "" of one that is not there.
	Architecture(image string) (string, error)
	// Quota is a limit by the codes of Service Quotas.
	Quota(service, code string) (int, error)
	// Count is how many resources of a type there are in the region.
	Count(token string) (int, error)
	// Role is the ARN of a role of this account.
	Role(name string) (string, error)
	// Decide simulates actions of a user or role on any resource.
	Decide(arn string, actions []string) ([]Decision, error)
}

// Caller is whose credentials are used.
type Caller struct {
	Account, Region string
	ARN             string // of a user, of a role's session, or of the account's root
}

// Type is a type of instances.
type Type struct {
	VCPUs         int
	Architectures []string // like "x86_64"
}

// Decision is what the policies of a user or role say to an action.
type Decision struct {
	Action  string
	Allowed bool
	Lacking []string // condition keys on which it depends, and which the simulation has no values of
}

const (
	instance      = "aws:ec2/instance:Instance"
	volume        = "aws:ebs/volume:Volume"
	administrator = "ask whoever administers the account"
)

// Examine asks about a plan. What cannot be asked, for lack of a permission to read it, is a Check that says so; where AWS
// does not say whose credentials these are nothing else is asked.
func Examine(aws AWS, planned []Planned) []Check {
	caller, err := aws.Caller()
	if err != nil {
		return []Check{{
			Subject: "account", Missing: true, Detail: "cannot be read: " + explain(err),
			Next: "log in (`aws sso login`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), and set aws:region",
		}}
	}
	e := examiner{AWS: aws, caller: caller, planned: planned, types: map[string]Type{}}
	checks := []Check{{Subject: "account", Detail: fmt.Sprintf("%s in %s, as %s", caller.Account, caller.Region, caller.ARN)}}
	checks = append(checks, e.permissions()...)
	checks = append(checks, e.offers()...)
	checks = append(checks, e.images()...)
	return append(checks, e.quotas()...)
}

type examiner struct {
	AWS
	caller  Caller
	planned []Planned
	types   map[string]Type // what is known of the machines' types
}

// machines are the planned instances.
func (e *examiner) machines() []Planned { return ofType(instance, e.planned) }

func ofType(token string, planned []Planned) (found []Planned) {
	for _, p := range planned {
		if p.Token == token {
			found = append(found, p)
		}
	}
	return found
}

func unknown(subject string, err error) Check {
	return examination.Unknown(subject, explain(err), administrator)
}

// apiError is where the provider has what AWS answered, after what was asked and how.
var apiError = regexp.MustCompile(`api error (\w+): ([^\n]*)`)

// explain is an error of the provider's in a few words.
func explain(err error) string {
	if m := apiError.FindStringSubmatch(err.Error()); m != nil {
		return "AWS answers " + m[1] + ": " + strings.TrimSpace(m[2])
	}
	return err.Error()
}
