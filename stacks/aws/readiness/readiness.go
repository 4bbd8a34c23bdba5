package readiness

import (
	"fmt"
	"regexp"
	"slices"
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

func typeOf(m Planned) string { return examination.Text(m.Inputs, "instanceType") }

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

// images checks that the machines' images are in the region and of the types' architecture.
func (e *examiner) images() []Check {
	var checks []Check
	for _, image := range examination.Groups(e.machines(), func(m Planned) string { return examination.Text(m.Inputs, "ami") }) {
		subject := "image " + image.Wanted
		architecture, err := e.Architecture(image.Wanted)
		switch {
		case err != nil:
			checks = append(checks, unknown(subject, err))
		case architecture == "":
			checks = append(checks, Check{
				Subject: subject, Missing: true, Detail: "is not in " + e.caller.Region,
				Next: "choose another: aws ec2 describe-images --owners amazon --region " + e.caller.Region,
			})
		default:
			unfit := examination.Unfit(architecture, image.Members, func(m Planned) (string, []string) {
				return typeOf(m), e.types[typeOf(m)].Architectures
			})
			checks = append(checks, examination.Judge(subject, unfit, fmt.Sprintf("is in %s, %s", e.caller.Region, architecture), examination.OneArchitecture))
		}
	}
	return checks
}

// offers checks the types of the machines: that each can be had where machines of it are to be, and what it is.
func (e *examiner) offers() []Check {
	wanted := examination.Groups(e.machines(), typeOf)
	if len(wanted) == 0 {
		return nil
	}
	names := make([]string, len(wanted))
	for i, w := range wanted {
		names[i] = w.Wanted
	}
	subject := "types of instances in " + e.caller.Region
	offered, err := e.Offers(names)
	if err != nil {
		return []Check{unknown(subject, err)}
	}
	ids, err := e.Zones()
	if err != nil {
		return []Check{unknown(subject, err)}
	}
	var checks []Check
	for _, w := range wanted {
		checks = append(checks, e.offer(w, offered[w.Wanted], e.zones(w.Members, ids)))
	}
	return checks
}

// offer checks one type in the zones where it is wanted.
func (e *examiner) offer(wanted examination.Group, offered, zones []string) Check {
	subject := "instance type " + wanted.Wanted
	slices.Sort(offered)
	var problems []string
	for _, zone := range zones {
		if !slices.Contains(offered, zone) {
			problems = append(problems, fmt.Sprintf("not offered in zone %s (in %s)", zone, strings.Join(offered, ", ")))
		}
	}
	where := strings.Join(zones, ", ")
	if len(zones) == 0 {
		where = e.caller.Region
	}
	if len(offered) == 0 {
		problems = []string{"not offered in " + e.caller.Region}
	} else if found, err := e.Type(wanted.Wanted); err == nil {
		e.types[wanted.Wanted] = found
	} else if problems == nil {
		return unknown(subject, err)
	}
	return examination.Judge(subject, problems,
		fmt.Sprintf("offered in %s for %d machines, %d vCPUs each", where, len(wanted.Members), e.types[wanted.Wanted].VCPUs),
		fmt.Sprintf("choose another type or other zones: aws ec2 describe-instance-type-offerings --region %s "+
			"--location-type availability-zone-id --filters Name=instance-type,Values=%s", e.caller.Region, wanted.Wanted))
}

// zones are those where machines are to be. A machine with an interface of its own is a node, and is where data volumes
// are: its subnet is not known before it is made. Of others, like a bastion, it cannot be told.
func (e *examiner) zones(machines []Planned, ids map[string]string) (zones []string) {
	if !slices.ContainsFunc(machines, func(m Planned) bool { return m.Inputs["networkInterfaces"] != nil }) {
		return nil
	}
	for _, in := range examination.Groups(ofType(volume, e.planned), func(v Planned) string { return ids[examination.Text(v.Inputs, "availabilityZone")] }) {
		zones = append(zones, in.Wanted)
	}
	return zones
}
