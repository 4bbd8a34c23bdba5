package azure

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenSecurityRule = "azure-native:network:SecurityRule"

var (
	securityRuleEnums = map[string][]string{
		"access":    {"Allow", "Deny"},
		"direction": {"Inbound", "Outbound"},
		"protocol":  {"Tcp", "Udp", "Icmp", "Esp", "*", "Ah"},
	}
	securityRulePriorities = simcloud.Range{Min: 100, Max: 4096}
)

func securityRule() armType {
	return armType{path: "Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}", names: networkNames, Kind: simcloud.Kind{
		Token:    tokenSecurityRule,
		Duration: 3 * time.Second,
		Enums:    securityRuleEnums,
		Ranges:   map[string]simcloud.Range{"priority": securityRulePriorities},
		Rules:    []simcloud.Rule{func(t *simcloud.Transaction) error { return judgeSecurityRule(t.World, t.After) }},
	}}
}

// judgeSecurityRule holds a rule, its own resource or inline, against its group.
func judgeSecurityRule(view simcloud.View, rule *simcloud.Resource) error {
	p := rule.Properties
	for _, what := range []string{"sourcePortRange", "destinationPortRange", "sourceAddressPrefix", "destinationAddressPrefix"} {
		plural := what + "s"
		if strings.HasSuffix(what, "Prefix") {
			plural = what + "es"
		}
		one, many := p.Text(what), p.Texts(plural)
		groups := len(p.Objects(strings.TrimSuffix(what, "AddressPrefix") + "ApplicationSecurityGroups"))
		switch {
		case one == "" && len(many) == 0 && groups == 0:
			return refuse(400, "SecurityRuleParameterNotSpecified", "Required security rule parameters are missing for security rule with Id: %s. Security rule must specify either %s or %s.", rule.ID, what, plural)
		case one != "" && len(many) > 0:
			return refuse(400, "SecurityRuleParametersConflict", "Security rule %s must not specify both %s and %s.", rule.ID, what, plural)
		}
		for _, value := range append(many, one) {
			valid := isPortRange
			if strings.HasSuffix(what, "Prefix") {
				valid = isAddressRange
			}
			if value != "" && !valid(value) {
				return refuse(400, "SecurityRuleInvalidParameter", "Security rule %s has invalid value %q in %s.", rule.ID, value, what)
			}
		}
	}
	for _, other := range view.Children(rule.Parent) {
		if !view.Same(other.ID, rule.ID) && other.Properties.Number("priority") == p.Number("priority") && other.Properties.Text("direction") == p.Text("direction") {
			return refuse(400, "SecurityRuleConflict", "Security rule %s conflicts with rule %s. Rules cannot have the same Priority and Direction.", nameOf(rule.ID), nameOf(other.ID))
		}
	}
	return nil
}

// isPortRange: "*", "39092" or "9093-9095".
func isPortRange(text string) bool {
	if text == "*" {
		return true
	}
	first, last, isRange := strings.Cut(text, "-")
	low, err := strconv.ParseUint(first, 10, 16)
	if err != nil || !isRange {
		return err == nil
	}
	high, err := strconv.ParseUint(last, 10, 16)
	return err == nil && low <= high
}

var serviceTag = regexp.MustCompile(`^[A-Z][A-Za-z0-9.]+$`)

// isAddressRange: "*", an address, a CIDR, or a service tag.
func isAddressRange(text string) bool {
	if _, err := netip.ParsePrefix(text); err == nil {
		return true
	}
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return text == "*" || serviceTag.MatchString(text)
}
