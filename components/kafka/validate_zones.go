package kafka

import (
	"fmt"
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// zoneSyntax admits the zone names of every cloud: 1, usw2-az1, us-west1-a.
var zoneSyntax = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

func (d *draft) checkZones() {
	zones := clusterPath.Child("zones")
	first := map[string]int{}
	for i, zone := range d.spec.Zones {
		d.checkZone(zones.Index(i), zone)
		if rival, used := first[zone]; used {
			d.invalid(zones.Index(i), zone, fmt.Sprintf("is also cluster.zones[%d]", rival), "name each zone once")
			continue
		}
		first[zone] = i
	}
	for _, n := range d.nodes {
		if n.listed && n.Zone != "" {
			d.checkZone(n.path.Child("zone"), n.Zone)
		}
	}
	path := zones
	if d.listsNodes() {
		path = clusterPath.Child("nodes")
	}
	d.warnOfRacks(path)
	d.warnOfVotersTogether(path)
}

func (d *draft) checkZone(path *field.Path, zone string) {
	if !zoneSyntax.MatchString(zone) {
		d.invalid(path, zone, "is no zone (at most 63 letters, digits and inner hyphens)",
			`use the cloud's own name, as "1" on Azure, "usw2-az1" on AWS`)
	}
}

func (d *draft) warnOfRacks(path *field.Path) {
	brokers := d.brokers()
	var zoned int
	for _, n := range brokers {
		if n.Zone != "" {
			zoned++
		}
	}
	switch {
	case len(brokers) < 2 || zoned == len(brokers):
	case zoned == 0:
		d.warn(path, "", "no broker has a zone, so all replicas of a partition may fail together",
			"name the zones of the region")
	default:
		d.warn(path, zoned, fmt.Sprintf("only %d of %d brokers have a zone, and Kafka spreads replicas evenly only if all have one",
			zoned, len(brokers)), "give every broker a zone")
	}
}

// warnOfVotersTogether: a quorum outlives the loss of a zone only while a
// majority is elsewhere.
func (d *draft) warnOfVotersTogether(path *field.Path) {
	voters := d.voters()
	if len(voters) < 3 {
		return
	}
	inZone := map[string]int{}
	for _, n := range voters {
		inZone[n.Zone]++
		if n.Zone != "" && inZone[n.Zone] == len(voters)/2+1 {
			d.warn(path, n.Zone, fmt.Sprintf("holds a majority of the %d controllers: without this zone the cluster stops", len(voters)),
				"spread the controllers over at least 3 zones")
		}
	}
}
