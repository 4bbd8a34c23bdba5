package aws

import (
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenVpc = "aws:ec2/vpc:Vpc"

func vpc() awsType {
	return awsType{
		service: "EC2", noun: "VPC", creates: "CreateVpc", modifies: "ModifyVpcAttribute", deletes: "DeleteVpc",
		prefix: "vpc", arn: "ec2:{region}:{account}:vpc/{id}",
		inputDefaults: simcloud.Properties{"enableDnsSupport": true, "instanceTenancy": "default"},
		lookup: &lookup{
			function: "aws:ec2/getVpc:getVpc", what: "EC2 VPC",
			arguments: map[string]string{"id": "id", "cidrBlock": "cidrBlock", "state": "state", "dhcpOptionsId": "dhcpOptionsId"},
			filters:   map[string]string{"vpc-id": "id", "cidr": "cidrBlock", "cidr-block-association.cidr-block": "cidrBlock", "state": "state", "owner-id": "ownerId", "isDefault": "default", "is-default": "default"},
			facts: func(_ simcloud.View, _ *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"state": "available", "default": false}
			},
			show: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"cidrBlockAssociations": []any{map[string]any{
					"associationId": "vpc-cidr-assoc-" + r.ID[len("vpc-"):], "cidrBlock": r.Properties.Text("cidrBlock"), "state": "associated"}}}
			},
		},
		Kind: simcloud.Kind{
			Token:    tokenVpc,
			Duration: 3 * time.Second,
			Replaces: []string{"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"},
			ReplacesIf: func(before, after simcloud.Properties) []string { // AWS only takes a dedicated network's tenancy back to default
				if before.Text("instanceTenancy") == "dedicated" && after.Text("instanceTenancy") == "default" {
					return nil
				}
				return []string{"instanceTenancy"}
			},
			KeptWhenUnset: []string{"enableDnsHostnames", "enableNetworkAddressUsageMetrics", "cidrBlock"},
			Enums:         map[string][]string{"instanceTenancy": {"default", "dedicated"}},
			Defaults: func(p simcloud.Properties) {
				p.Default("enableDnsHostnames", false)
				p.Default("enableNetworkAddressUsageMetrics", false)
			},
			Rules:   []simcloud.Rule{vpcRange},
			Compute: computeVpc,
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				for _, user := range usersOf(t.World, t.Before.ID, tokenSubnet, tokenSecurityGroup, tokenRouteTable, tokenInternetGateway) {
					if !user.Computed.True(byDefault) {
						return refuse("DependencyViolation", "The vpc '%s' has dependencies and cannot be deleted.", t.Before.ID)
					}
				}
				return nil
			}},
		},
	}
}

func vpcRange(t *simcloud.Transaction) error {
	p := t.After.Properties
	if !p.Has("cidrBlock") {
		return limit("VPC ranges come from cidrBlock only, not from an IPAM pool.")
	}
	prefix, err := canonical(p.Text("cidrBlock"))
	if err != nil {
		return err
	}
	if !prefix.Addr().Is4() || prefix.Bits() < 16 || prefix.Bits() > 28 {
		return refuse("InvalidVpc.Range", "The CIDR '%s' is invalid: a VPC has a block size between a /16 netmask and a /28 netmask.", prefix)
	}
	return nil
}

// byDefault marks what AWS makes with a VPC, and what goes with it.
const byDefault = "byDefault"

func computeVpc(t *simcloud.Transaction) error {
	if !t.Creating() {
		return nil
	}
	group, table := "sg-"+t.Unique("security group")[:17], "rtb-"+t.Unique("route table")[:17]
	t.After.Computed["defaultSecurityGroupId"] = group
	t.After.Computed["mainRouteTableId"] = table
	t.After.Computed["defaultRouteTableId"] = table
	t.After.Computed["defaultNetworkAclId"] = "acl-" + t.Unique("network ACL")[:17]
	t.After.Computed["dhcpOptionsId"] = "dopt-" + identifiers.Digest("DHCP options of " + t.Settings["region"])[:17]
	anywhere := simcloud.Plain([]any{map[string]any{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": []string{"0.0.0.0/0"}}})
	within := simcloud.Plain([]any{map[string]any{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": true}})
	madeWith := simcloud.Properties{byDefault: true, madeIn: t.Settings["region"], "ownerId": accountOf(t.After)}
	t.Put(&simcloud.Resource{ID: group, Type: tokenSecurityGroup, Parent: t.After.ID, Computed: madeWith.Clone(), Properties: simcloud.Properties{
		"name": "default", "description": "default VPC security group", "vpcId": t.After.ID, "egress": anywhere, "ingress": within}})
	t.Put(&simcloud.Resource{ID: table, Type: tokenRouteTable, Parent: t.After.ID, Computed: madeWith.Clone(), Properties: simcloud.Properties{"vpcId": t.After.ID}})
	return nil
}
