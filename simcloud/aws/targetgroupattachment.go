package aws

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenTargetGroupAttachment = "aws:lb/targetGroupAttachment:TargetGroupAttachment"

const (
	maxTargets     = 1000 // of a target group
	maxZoneTargets = 500  // of a network load balancer, in one zone; a target counts once for each target group
)

func targetGroupAttachment() awsType {
	return awsType{
		service: "ELBv2", noun: "Target", creates: "RegisterTargets", modifies: "RegisterTargets", deletes: "DeregisterTargets",
		Kind: simcloud.Kind{
			Token:    tokenTargetGroupAttachment,
			Duration: 3 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) { // whoever registers a target again has the same
				in := identity.Inputs
				group := in.Text("targetGroupArn")
				return group + "-" + stamp(identifiers.Digest(fmt.Sprint(group, " ", in.Text("targetId"), " ", in.Number("port")))), group
			},
			Adopts:     func(simcloud.Properties) bool { return true },
			Replaces:   []string{"availabilityZone", "port", "targetGroupArn", "targetId"},
			Ranges:     map[string]simcloud.Range{"port": {Min: 1, Max: 65535}},
			References: []simcloud.Reference{{Path: "targetGroupArn", To: []string{tokenTargetGroup}}},
			Rules:      []simcloud.Rule{targetFits, targetOnce, targetsFew},
		},
	}
}

var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
}

func targetFits(t *simcloud.Transaction) error {
	p := t.After.Properties
	group, _ := t.World.Get(p.Text("targetGroupArn"))
	network, _ := t.World.Get(group.Properties.Text("vpcId"))
	target := p.Text("targetId")
	if group.Properties.Text("targetType") == "instance" {
		holder, ok := simcloud.GetOf(t.World, tokenInstance, target)
		if !ok || !running(holder) || vpcOf(t.World, subnetOf(t.World, holder)) != network.ID {
			return refuse("InvalidTarget", "The following targets are not in a running state in VPC '%s' and cannot be registered: '%s'", network.ID, target)
		}
		return nil
	}
	address, err := netip.ParseAddr(target)
	if err != nil {
		return refuse("ValidationError", "The IP address '%s' is not a valid IPv4 address", target)
	}
	if cidrOf(network).Contains(address) {
		return nil
	}
	for _, private := range privateRanges {
		if private.Contains(address) && p.Text("availabilityZone") == "all" {
			return nil
		}
	}
	return refuse("ValidationError", "The IP address '%s' is outside VPC '%s': it must be private, with Availability Zone 'all'", target, network.ID)
}

// portOf is the port that a target is registered with.
func portOf(view simcloud.View, attachment *simcloud.Resource) float64 {
	if attachment.Properties.Has("port") {
		return attachment.Properties.Number("port")
	}
	group, ok := view.Get(attachment.Properties.Text("targetGroupArn"))
	if !ok {
		return 0
	}
	return group.Properties.Number("port")
}

// targetOnce refuses what names one target in two ways: by its port, and by the group's.
func targetOnce(t *simcloud.Transaction) error {
	p := t.After.Properties
	for _, other := range t.World.Children(p.Text("targetGroupArn")) {
		if other.ID != t.After.ID && other.Properties.Text("targetId") == p.Text("targetId") && portOf(t.World, other) == portOf(t.World, t.After) {
			return limit("Target %s is in '%s' already: AWS would say nothing, and forget it when either attachment goes.", p.Text("targetId"), p.Text("targetGroupArn"))
		}
	}
	return nil
}

func targetsFew(t *simcloud.Transaction) error {
	group := t.After.Properties.Text("targetGroupArn")
	if len(t.World.Children(group)) >= maxTargets && t.Creating() {
		return refuse("TooManyTargets", "Target group '%s' has the maximum number of targets, %d", group, maxTargets)
	}
	t.Put(t.After) // so that it is counted
	for _, balancer := range balancersOf(t.World, group) {
		if err := zonesFew(t.World, balancer); err != nil {
			return err
		}
	}
	return nil
}

// zonesFew counts the targets of a load balancer in each zone.
func zonesFew(view simcloud.View, balancer string) error {
	counts := map[string]int{}
	counted := map[string]bool{}
	for _, listener := range usersOf(view, balancer, tokenListener) {
		for _, group := range groupsBehind(listener) {
			for _, target := range view.Children(group) {
				zone := targetZone(view, target)
				if !counted[target.ID] {
					counts[zone]++
				}
				counted[target.ID] = true
				if counts[zone] > maxZoneTargets {
					return refuse("TooManyTargets", "Load balancer '%s' would have more than %d targets in Availability Zone '%s'", balancer, maxZoneTargets, zone)
				}
			}
		}
	}
	return nil
}

// targetZone is the zone a target is in: its instance's, or that of the subnet its address is in.
func targetZone(view simcloud.View, attachment *simcloud.Resource) string {
	target := attachment.Properties.Text("targetId")
	if holder, ok := simcloud.GetOf(view, tokenInstance, target); ok {
		return zoneOf(holder)
	}
	group, _ := view.Get(attachment.Properties.Text("targetGroupArn"))
	address, err := netip.ParseAddr(target)
	for _, subnet := range view.List(tokenSubnet) {
		if err == nil && subnet.Properties.Text("vpcId") == group.Properties.Text("vpcId") && cidrOf(subnet).Contains(address) {
			return zoneOf(subnet)
		}
	}
	return "all"
}
