package aws

import (
	"regexp"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenSecurityGroup = "aws:ec2/securityGroup:SecurityGroup"

func securityGroup() awsType {
	return awsType{
		service: "EC2", noun: "Security Group", modifies: "AuthorizeSecurityGroupIngress",
		prefix: "sg", arn: "ec2:{region}:{account}:security-group/{id}",
		name: &naming{input: "name", max: 255, rules: []nameRule{
			{regexp.MustCompile(`^sg-`), "cannot begin with sg-"},
			{regexp.MustCompile(`[^a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]`), "must consist of letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"},
		}},
		inputDefaults: simcloud.Properties{"description": "Managed by Pulumi", "revokeRulesOnDelete": false},
		lookup: &lookup{
			function: "aws:ec2/getSecurityGroup:getSecurityGroup", what: "EC2 Security Group",
			arguments: map[string]string{"id": "id", "name": "name", "vpcId": "vpcId"},
			filters:   map[string]string{"group-id": "id", "group-name": "name", "vpc-id": "vpcId", "description": "description", "owner-id": "ownerId"},
		},
		Kind: simcloud.Kind{
			Token:         tokenSecurityGroup,
			Duration:      3 * time.Second,
			Replaces:      []string{"description", "vpcId"},
			KeptWhenUnset: []string{"ingress", "egress", "vpcId"},
			References: []simcloud.Reference{
				{Path: "vpcId", To: []string{tokenVpc}},
				{Path: "ingress[].securityGroups[]", To: []string{tokenSecurityGroup}},
				{Path: "egress[].securityGroups[]", To: []string{tokenSecurityGroup}},
			},
			Rules: []simcloud.Rule{groupPlaced, groupNameFree, judgeInlineRules},
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				for _, user := range t.World.Referrers(t.Before.ID) {
					if user.Resource.Parent != t.Before.ID {
						return refuse("DependencyViolation", "resource %s has a dependent object", t.Before.ID)
					}
				}
				return nil
			}},
			Effect: agentsTryAgain,
			Outputs: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				shown := simcloud.Properties{}
				for _, list := range []string{"ingress", "egress"} {
					if !r.Properties.Has(list) {
						shown[list] = []any{}
					}
				}
				return shown
			},
		},
	}
}

func groupPlaced(t *simcloud.Transaction) error {
	if !t.After.Properties.Has("vpcId") {
		return refuse("VPCIdNotSpecified", "No default VPC for this user")
	}
	return nil
}

func groupNameFree(t *simcloud.Transaction) error {
	name, network := t.After.Properties.Text("name"), t.After.Properties.Text("vpcId")
	for _, other := range t.World.List(tokenSecurityGroup) {
		if other.ID != t.After.ID && other.Properties.Text("name") == name && other.Properties.Text("vpcId") == network {
			return refuse("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, network)
		}
	}
	return nil
}

// sourceLists are the inline rule's lists of sources.
var sourceLists = []string{"cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups"}

func judgeInlineRules(t *simcloud.Transaction) error {
	for _, list := range []string{"ingress", "egress"} {
		seen := map[permission]bool{}
		for _, inline := range t.After.Properties.Objects(list) {
			permissions := inlinePermissions(t.After.ID, inline)
			if len(permissions) == 0 {
				return refuse("InvalidPermission.Malformed", "A rule of %s in security group %s names no source or destination.", list, t.After.ID)
			}
			for _, p := range permissions {
				if err := p.judge(); err != nil {
					return err
				}
				if seen[p] {
					return p.duplicate()
				}
				seen[p] = true
			}
		}
	}
	return nil
}

// groupsInVpc refuses security groups of another VPC.
func groupsInVpc(view simcloud.View, groups []string, network string) error {
	for _, id := range groups {
		if group, ok := simcloud.GetOf(view, tokenSecurityGroup, id); !ok || group.Properties.Text("vpcId") != network {
			return refuse("InvalidGroup.NotFound", "The security group '%s' does not exist in VPC '%s'", id, network)
		}
	}
	return nil
}
