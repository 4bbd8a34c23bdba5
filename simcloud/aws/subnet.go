package aws

import (
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/addresses"
)

const tokenSubnet = "aws:ec2/subnet:Subnet"

func subnet(account Account) awsType {
	return awsType{
		service: "EC2", noun: "Subnet", modifies: "ModifySubnetAttribute",
		prefix: "subnet", arn: "ec2:{region}:{account}:subnet/{id}",
		inputDefaults: simcloud.Properties{
			"assignIpv6AddressOnCreation": false, "enableDns64": false, "enableResourceNameDnsARecordOnLaunch": false,
			"enableResourceNameDnsAaaaRecordOnLaunch": false, "ipv6Native": false, "mapPublicIpOnLaunch": false,
		},
		lookup: &lookup{
			function: "aws:ec2/getSubnet:getSubnet", what: "EC2 Subnet",
			arguments: map[string]string{"id": "id", "vpcId": "vpcId", "cidrBlock": "cidrBlock", "availabilityZone": "availabilityZone",
				"availabilityZoneId": "availabilityZoneId", "state": "state", "defaultForAz": "defaultForAz"},
			filters: map[string]string{"subnet-id": "id", "vpc-id": "vpcId", "cidr-block": "cidrBlock", "cidrBlock": "cidrBlock", "cidr": "cidrBlock", "availability-zone": "availabilityZone",
				"availabilityZone": "availabilityZone", "availability-zone-id": "availabilityZoneId", "state": "state", "map-public-ip-on-launch": "mapPublicIpOnLaunch", "default-for-az": "defaultForAz"},
			facts: func(_ simcloud.View, _ *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"state": "available", "defaultForAz": false}
			},
			show: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				free := addresses.Free(cidrOf(r), addressesIn(view, r.ID), 1<<16)
				return simcloud.Properties{"availableIpAddressCount": float64(free)}
			},
		},
		Kind: simcloud.Kind{
			Token:         tokenSubnet,
			Duration:      3 * time.Second,
			Replaces:      []string{"availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId"},
			KeptWhenUnset: []string{"availabilityZone", "availabilityZoneId", "privateDnsHostnameTypeOnLaunch"},
			Enums:         map[string][]string{"privateDnsHostnameTypeOnLaunch": {"ip-name", "resource-name"}},
			References:    []simcloud.Reference{{Path: "vpcId", To: []string{tokenVpc}}},
			Check: func(c *simcloud.Checker) {
				if c.Inputs.Has("availabilityZone") && c.Inputs.Has("availabilityZoneId") {
					c.Fail("availabilityZone", "Conflicting configuration arguments: 'availabilityZone' conflicts with 'availabilityZoneId'")
				}
			},
			Defaults:    func(p simcloud.Properties) { p.Default("privateDnsHostnameTypeOnLaunch", "ip-name") },
			Rules:       []simcloud.Rule{subnetRange, subnetApart},
			Compute:     inZone(account),
			DeleteRules: []simcloud.Rule{subnetUnused},
		},
	}
}

func subnetRange(t *simcloud.Transaction) error {
	if !t.After.Properties.Has("cidrBlock") {
		return limit("Subnets have a cidrBlock: IPv6 alone is not modelled.")
	}
	prefix, err := canonical(t.After.Properties.Text("cidrBlock"))
	if err != nil {
		return err
	}
	network, _ := t.World.Get(t.After.Properties.Text("vpcId"))
	if prefix.Bits() < 16 || prefix.Bits() > 28 || !addresses.Within(prefix, cidrOf(network)) {
		return refuse("InvalidSubnet.Range", "The CIDR '%s' is invalid.", prefix)
	}
	return nil
}

func subnetApart(t *simcloud.Transaction) error {
	for _, other := range t.World.List(tokenSubnet) {
		if other.ID != t.After.ID && other.Properties.Text("vpcId") == t.After.Properties.Text("vpcId") && cidrOf(other).Overlaps(cidrOf(t.After)) {
			return refuse("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", t.After.Properties.Text("cidrBlock"))
		}
	}
	return nil
}

// inZone places a subnet in the zone that it names by name or by id, or in the first.
func inZone(account Account) simcloud.Rule {
	return func(t *simcloud.Transaction) error {
		p := t.After.Properties
		zones := account.ZonesOf(t.Settings["region"])
		at := slices.IndexFunc(zones, func(zone Zone) bool {
			return p.Text("availabilityZone") == zone.Name || p.Text("availabilityZoneId") == zone.ID
		})
		if at < 0 && (p.Has("availabilityZone") || p.Has("availabilityZoneId")) {
			return refuse("InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s.",
				p.Text("availabilityZone")+p.Text("availabilityZoneId"), zoneNames(zones))
		}
		zone := zones[max(at, 0)]
		t.After.Computed["availabilityZone"], t.After.Computed["availabilityZoneId"] = zone.Name, zone.ID
		return nil
	}
}

func zoneNames(zones []Zone) string {
	var names []string
	for _, zone := range zones {
		names = append(names, zone.Name)
	}
	return strings.Join(names, ", ")
}

// zoneOf is the name of the zone a resource is in.
func zoneOf(r *simcloud.Resource) string {
	if zone := r.Computed.Text("availabilityZone"); zone != "" {
		return zone
	}
	return r.Properties.Text("availabilityZone")
}

// vpcOf is the VPC of a subnet or security group.
func vpcOf(view simcloud.View, id string) string {
	r, ok := view.Get(id)
	if !ok {
		return ""
	}
	return r.Properties.Text("vpcId")
}

// subnetUnused: whatever has an address in a subnet keeps it; route table associations go with it.
func subnetUnused(t *simcloud.Transaction) error {
	if len(addressesIn(t.World, t.Before.ID)) > 0 {
		return refuse("DependencyViolation", "The subnet '%s' has dependencies and cannot be deleted.", t.Before.ID)
	}
	return nil
}
