package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/stacks/examination"
)

func typeOf(m Planned) string { return examination.Text(m.Inputs, "instanceType") }

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
			problems = append(problems, examination.NotOfferedIn(zone, offered))
		}
	}
	where := strings.Join(zones, ", ")
	if len(zones) == 0 {
		where = e.caller.Region
	}
	if len(offered) == 0 {
		problems = []string{examination.NotOffered(e.caller.Region)}
	} else if found, err := e.Type(wanted.Wanted); err == nil {
		e.types[wanted.Wanted] = found
	} else if problems == nil {
		return unknown(subject, err)
	}
	return examination.Judge(subject, problems,
		examination.Offered(where, len(wanted.Members), e.types[wanted.Wanted].VCPUs),
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
