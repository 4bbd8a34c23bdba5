package aws

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

var (
	zoneID   = regexp.MustCompile(`^[a-z]{2,6}[0-9]+-az[0-9]+$`)
	zoneName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]+[a-z]$`)
)

// checkZones takes zones only by the ids that mean the same in every account.
func checkZones(cluster kafka.Spec) (errs field.ErrorList) {
	if len(cluster.Zones) == 0 && len(cluster.Nodes) == 0 {
		errs = append(errs, kafka.Missing(field.NewPath("cluster", "zones"), "on AWS every broker has a zone", "list the ids of the consumer's zones, like usw2-az1"))
	}
	for path, zone := range cluster.AllZones() {
		switch {
		case zoneID.MatchString(zone):
		case zoneName.MatchString(zone):
			errs = append(errs, kafka.Invalid(path, zone, "is a zone's name, which means another zone in every account", "give the zone's id, like usw2-az1: `aws ec2 describe-availability-zones` shows both"))
		default:
			errs = append(errs, kafka.Invalid(path, zone, "is not the id of an availability zone", "write one like usw2-az1"))
		}
	}
	return errs
}

// zonesOf are the ids of the zones that a cluster is to be in, in the order in which they are first named.
func zonesOf(cluster kafka.Spec) (zones []string) {
	for _, zone := range cluster.AllZones() {
		zones = appendNew(zones, zone)
	}
	return zones
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// directions are how zone ids abbreviate the words in a region's name.
var directions = map[string]string{
	"north": "n", "south": "s", "east": "e", "west": "w", "central": "c",
	"northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw", "gov": "g",
}

// zonePrefix is how the ids of a region's zones begin: usw2 in us-west-2.
func zonePrefix(region string) string {
	var prefix strings.Builder
	for i, word := range strings.Split(region, "-") {
		if short, known := directions[word]; known && i > 0 {
			word = short
		}
		prefix.WriteString(word)
	}
	return prefix.String()
}

// CheckRegion warns of zones whose ids do not look like the region's.
func CheckRegion(region string, cluster kafka.Spec) (f kafka.Findings) {
	prefix := zonePrefix(region)
	check := func(path *field.Path, zone string) {
		if zoneID.MatchString(zone) && !strings.HasPrefix(zone, prefix+"-") {
			f.Warnings = append(f.Warnings, kafka.Invalid(path, zone, "does not look like a zone of "+region+", whose ids begin with "+prefix, "compare it with the consumer's region"))
		}
	}
	for i, zone := range cluster.Zones {
		check(field.NewPath("cluster", "zones").Index(i), zone)
	}
	for i, n := range cluster.Nodes {
		check(field.NewPath("cluster", "nodes").Index(i).Child("zone"), n.Zone)
	}
	return f
}

// CheckNames refuses a pattern by which brokers would carry the id of a zone that is not their own: the consumer would look
// for them where they are not. It warns of one without zones where a zone's load balancer node leads to its own brokers only.
func CheckNames(path *field.Path, cluster *kafka.Cluster, l kafka.Link, crossZone bool) (f kafka.Findings) {
	named := false
	var zones []string
	for _, route := range cluster.PortMap(l) {
		n, _ := cluster.Node(route.NodeID)
		zones = appendNew(zones, n.Zone)
		for _, part := range strings.Split(route.AdvertisedHost, ".") {
			if zoneID.MatchString(part) && part != n.Zone {
				f.Errors = append(f.Errors, kafka.Invalid(path, l.Pattern, fmt.Sprintf("names broker %d, which is in %s, %q: its consumer would look for it in %s", n.ID, n.Zone, route.AdvertisedHost, part), "put <zone> where the id of the broker's zone belongs"))
				return f
			}
			named = named || zoneID.MatchString(part)
		}
	}
	if !named && !crossZone && len(zones) > 1 {
		f.Warnings = append(f.Warnings, kafka.Invalid(path, l.Pattern, fmt.Sprintf("names no zone, and brokers are in %d: a consumer that comes to a broker by another zone's address gets no answer", len(zones)), "put <zone> where the consumer has the zone's id, or set crossZone"))
	}
	return f
}

// zoneNames are this account's names of the zones, by id.
func zoneNames(ctx *pulumi.Context, zones []string, parent pulumi.Resource) (map[string]string, error) {
	found, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{}, pulumi.Parent(parent))
	if err != nil {
		return nil, fmt.Errorf("cannot read the availability zones; check that these credentials may (ec2:DescribeAvailabilityZones): %w", err)
	}
	names := map[string]string{}
	for i, id := range found.ZoneIds {
		names[id] = found.Names[i]
	}
	for _, zone := range zones {
		if names[zone] == "" {
			return nil, fmt.Errorf("this account has no availability zone %s in this region, only %s; correct cluster.zones, or aws:region", zone, strings.Join(slices.Sorted(maps.Keys(names)), ", "))
		}
	}
	return names, nil
}
