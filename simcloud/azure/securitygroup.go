package azure

import (
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenSecurityGroup = "azure-native:network:NetworkSecurityGroup"

func securityGroup() armType {
	return armType{path: "Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}", names: networkNames, Kind: simcloud.Kind{
		Token:         tokenSecurityGroup,
		Duration:      4 * time.Second,
		Required:      []string{"securityRules[].name", "securityRules[].priority"},
		Enums:         below("securityRules[].", securityRuleEnums),
		Ranges:        map[string]simcloud.Range{"securityRules[].priority": securityRulePriorities},
		KeptWhenUnset: []string{"securityRules"}, // as a network's subnets
		Compute:       placeInlineRules,
		DeleteRules:   []simcloud.Rule{unused("InUseNetworkSecurityGroupCannotBeDeleted", "Network security group %s cannot be deleted because it is in use by the following resources: %s. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.")},
		Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
			rules := []any{}
			for _, rule := range view.Children(r.ID) {
				shown := rule.Properties.Clone()
				shown["id"], shown["name"], shown["provisioningState"] = rule.ID, nameOf(rule.ID), "Succeeded"
				rules = append(rules, map[string]any(shown))
			}
			shown := simcloud.Properties{"securityRules": rules, "defaultSecurityRules": defaultSecurityRules(r.ID)}
			for list, token := range map[string]string{"subnets": tokenSubnet, "networkInterfaces": tokenNetworkInterface} {
				var users []any
				for _, user := range view.Referrers(r.ID) {
					if user.Resource.Type == token {
						users = append(users, map[string]any{"id": user.Resource.ID})
					}
				}
				if users != nil {
					shown[list] = users
				}
			}
			return shown
		},
	}}
}

// placeInlineRules makes the rules that the group lists, and removes those it does not list.
func placeInlineRules(t *simcloud.Transaction) error {
	if !t.After.Properties.Has("securityRules") {
		return nil
	}
	inline := t.After.Properties.Objects("securityRules")
	delete(t.After.Properties, "securityRules")
	for _, rule := range t.World.Children(t.After.ID) {
		t.Remove(rule.ID)
	}
	for _, properties := range inline {
		id := t.After.ID + "/securityRules/" + properties.Text("name")
		delete(properties, "id")
		rule := &simcloud.Resource{ID: id, Type: tokenSecurityRule, Parent: t.After.ID, Properties: properties, Computed: simcloud.Properties{}}
		if err := judgeSecurityRule(t.World, rule); err != nil {
			return err
		}
		t.Put(rule)
	}
	return nil
}

// defaultSecurityRules are the rules at the end of every group, which cannot be removed.
func defaultSecurityRules(group string) []any {
	rule := func(name string, priority int, direction, access, from, to, description string) any {
		return simcloud.Plain(map[string]any{
			"id": group + "/defaultSecurityRules/" + name, "name": name, "priority": priority, "direction": direction,
			"access": access, "protocol": "*", "sourceAddressPrefix": from, "destinationAddressPrefix": to,
			"sourcePortRange": "*", "destinationPortRange": "*", "description": description, "provisioningState": "Succeeded",
		})
	}
	return []any{
		rule("AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork", "Allow inbound traffic from all VMs in VNET"),
		rule("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*", "Allow inbound traffic from azure load balancer"),
		rule("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*", "Deny all inbound traffic"),
		rule("AllowVnetOutBound", 65000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork", "Allow outbound traffic from all VMs to all VMs in VNET"),
		rule("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet", "Allow outbound traffic from all VMs to Internet"),
		rule("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*", "Deny all outbound traffic"),
	}
}

// below puts a prefix before every pattern of a table.
func below[V any](prefix string, table map[string]V) map[string]V {
	moved := map[string]V{}
	for pattern, value := range table {
		moved[prefix+pattern] = value
	}
	return moved
}
