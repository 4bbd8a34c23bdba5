package aws

import (
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const (
	tokenIngressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	tokenEgressRule  = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
)

func ingressRule() awsType { return groupRule(tokenIngressRule, "Ingress") }
func egressRule() awsType  { return groupRule(tokenEgressRule, "Egress") }

// ruleSources are what a rule lets in or out, one of which it names.
var ruleSources = []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"}

func groupRule(token, direction string) awsType {
	return awsType{
		service: "EC2", noun: "VPC Security Group " + direction + " Rule",
		creates: "AuthorizeSecurityGroup" + direction, modifies: "ModifySecurityGroupRules", deletes: "RevokeSecurityGroup" + direction,
		arn: "ec2:{region}:{account}:security-group-rule/{id}",
		Kind: simcloud.Kind{
			Token:    token,
			Duration: 2 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) {
				return "sgr-" + identity.Unique()[:17], identity.Inputs.Text("securityGroupId")
			},
			Replaces: []string{"securityGroupId"},
			ReplacesIf: func(before, after simcloud.Properties) []string { // a rule keeps the sort of its source
				for _, source := range ruleSources {
					if before.Has(source) != after.Has(source) {
						return ruleSources
					}
				}
				return nil
			},
			Ranges: map[string]simcloud.Range{"fromPort": {Min: -1, Max: 65535}, "toPort": {Min: -1, Max: 65535}},
			References: []simcloud.Reference{
				{Path: "securityGroupId", To: []string{tokenSecurityGroup}},
				{Path: "referencedSecurityGroupId", To: []string{tokenSecurityGroup}},
			},
			Check: func(c *simcloud.Checker) { exactlyOne(c, ruleSources...) },
			Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				p := permissionOf(t.After.Properties)
				if err := p.judge(); err != nil {
					return err
				}
				for _, other := range groupPermissions(t.World, t.After.Properties.Text("securityGroupId"), direction) {
					if other.permission == p && other.rule != t.After.ID {
						return p.duplicate()
					}
				}
				return nil
			}},
			Compute: func(t *simcloud.Transaction) error {
				t.After.Computed["securityGroupRuleId"] = t.After.ID
				return nil
			},
			Effect: agentsTryAgain,
		},
	}
}

// permission is what one rule lets through: to or from one peer.
type permission struct {
	protocol string // "tcp", "udp", a number, or "-1" for all
	from, to int
	peer     string // a CIDR, or the id of a prefix list or a security group
}

func permissionOf(rule simcloud.Properties) permission {
	p := permission{protocol: strings.ToLower(rule.Text("ipProtocol")), from: int(rule.Number("fromPort")), to: int(rule.Number("toPort"))}
	for _, source := range ruleSources {
		p.peer += rule.Text(source)
	}
	if p.ported() && (!rule.Has("fromPort") || !rule.Has("toPort")) {
		p.from, p.to = 1, 0 // which judge refuses
	}
	return p.normal()
}

// inlinePermissions are what a rule within a group lets through.
func inlinePermissions(group string, rule simcloud.Properties) []permission {
	var peers []string
	for _, list := range sourceLists {
		peers = append(peers, rule.Texts(list)...)
	}
	if rule.True("self") {
		peers = append(peers, group)
	}
	var permissions []permission
	for _, peer := range peers {
		permissions = append(permissions, permission{strings.ToLower(rule.Text("protocol")), int(rule.Number("fromPort")), int(rule.Number("toPort")), peer}.normal())
	}
	return permissions
}

func (p permission) ported() bool { return p.protocol == "tcp" || p.protocol == "udp" }

// normal writes the same permission in one way.
func (p permission) normal() permission {
	switch p.protocol {
	case "6":
		p.protocol = "tcp"
	case "17":
		p.protocol = "udp"
	case "-1", "all":
		p.protocol, p.from, p.to = "-1", 0, 0
	}
	return p
}

// protocols are names and numbers that AWS takes.
var protocols = regexp.MustCompile(`^(tcp|udp|icmp|icmpv6|-1|\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$`)

func (p permission) judge() error {
	if !protocols.MatchString(p.protocol) {
		return refuse("InvalidParameterValue", "Invalid value '%s' for IP protocol. Unknown protocol.", p.protocol)
	}
	if p.ported() && (p.from < 0 || p.to > 65535 || p.from > p.to) {
		return refuse("InvalidParameterValue", "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
	}
	if strings.Contains(p.peer, "/") {
		if _, err := canonical(p.peer); err != nil {
			return err
		}
	}
	return nil
}

func (p permission) duplicate() error {
	protocol := strings.ToUpper(p.protocol)
	if p.protocol == "-1" {
		protocol = "ALL"
	}
	return refuse("InvalidPermission.Duplicate", "the specified rule \"peer: %s, %s, from port: %d, to port: %d, ALLOW\" already exists", p.peer, protocol, p.from, p.to)
}

// lets says whether a permission admits TCP at a port to or from an address.
func (p permission) lets(address netip.Prefix, port int) bool {
	peer, err := netip.ParsePrefix(p.peer)
	return err == nil && peer.Bits() <= address.Bits() && peer.Contains(address.Addr()) &&
		(p.protocol == "-1" || p.protocol == "tcp" && p.from <= port && port <= p.to)
}

// granted is a permission of a group, and the rule that grants it: "" where the group's own list does.
type granted struct {
	permission
	rule string
}

// groupPermissions are what a group lets through in a direction: "Ingress" or "Egress".
func groupPermissions(view simcloud.View, group, direction string) []granted {
	r, ok := simcloud.GetOf(view, tokenSecurityGroup, group)
	if !ok {
		return nil
	}
	list, token := "ingress", tokenIngressRule
	if direction == "Egress" {
		list, token = "egress", tokenEgressRule
	}
	var found []granted
	for _, inline := range r.Properties.Objects(list) {
		for _, p := range inlinePermissions(group, inline) {
			found = append(found, granted{p, ""})
		}
	}
	for _, child := range simcloud.ChildrenOf(view, token, group) {
		found = append(found, granted{permissionOf(child.Properties), child.ID})
	}
	return found
}
