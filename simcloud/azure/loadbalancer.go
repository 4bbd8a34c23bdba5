package azure

import (
	"fmt"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenLoadBalancer = "azure-native:network:LoadBalancer"

var loadBalancerParts = []string{"frontendIPConfigurations", "backendAddressPools", "probes", "loadBalancingRules", "inboundNatRules", "outboundRules"}

func loadBalancer() armType {
	return armType{path: "Microsoft.Network/loadBalancers/{loadBalancerName}", names: networkNames, Kind: simcloud.Kind{
		Token:    tokenLoadBalancer,
		Duration: 10 * time.Second,
		Required: []string{"outboundRules[].frontendIPConfigurations"},
		Enums: map[string][]string{
			"sku.name":                           {"Basic", "Standard", "Gateway"},
			"sku.tier":                           {"Regional", "Global"},
			"frontendIPConfigurations[].zones[]": zones,
			"frontendIPConfigurations[].privateIPAllocationMethod": {"Static", "Dynamic"},
			"frontendIPConfigurations[].privateIPAddressVersion":   {"IPv4", "IPv6"},
			"loadBalancingRules[].protocol":                        {"Tcp", "Udp", "All"},
			"loadBalancingRules[].loadDistribution":                {"Default", "SourceIP", "SourceIPProtocol"},
			"probes[].protocol":                                    {"Http", "Tcp", "Https"},
		},
		Ranges: map[string]simcloud.Range{
			"loadBalancingRules[].frontendPort":         {Min: 0, Max: 65534},
			"loadBalancingRules[].backendPort":          {Min: 0, Max: 65535},
			"loadBalancingRules[].idleTimeoutInMinutes": {Min: 4, Max: 100},
			"probes[].port":                             {Min: 1, Max: 65535},
			"probes[].intervalInSeconds":                {Min: 5, Max: 2147483646},
			"probes[].numberOfProbes":                   {Min: 1, Max: 2147483646},
			"probes[].probeThreshold":                   {Min: 1, Max: 100},
		},
		KeptWhenUnset: []string{"backendAddressPools", "inboundNatRules"},
		References: []simcloud.Reference{
			{Path: "frontendIPConfigurations[].subnet.id", To: []string{tokenSubnet}},
			{Path: "frontendIPConfigurations[].publicIPAddress.id", To: []string{tokenPublicIPAddress}},
			{Path: "backendAddressPools[].loadBalancerBackendAddresses[].virtualNetwork.id", To: []string{tokenVirtualNetwork}},
			{Path: "backendAddressPools[].virtualNetwork.id", To: []string{tokenVirtualNetwork}},
		},
		Defaults: loadBalancerDefaults,
		Rules: []simcloud.Rule{
			named(loadBalancerParts...), skuKept, frontendsPlaced, ownParts, judgeBalancingRules, judgeProbes, membersFit, frontendsStillUsed,
		},
		Compute: computeLoadBalancer,
		DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
			for _, user := range t.World.Referrers(t.Before.ID) {
				if user.Resource.Type == tokenPrivateLinkService {
					return refuseFrontendInUse(user)
				}
			}
			return leavePools(t, t.World.Referrers(t.Before.ID))
		}},
		Parts:   partsIn(loadBalancerParts...),
		Outputs: loadBalancerOutputs,
	}}
}

func loadBalancerDefaults(p simcloud.Properties) {
	p.Default("sku.name", "Basic")
	p.Default("sku.tier", "Regional")
	for _, rule := range p.Objects("loadBalancingRules") {
		rule.Default("idleTimeoutInMinutes", 4.0)
		rule.Default("loadDistribution", "Default")
		rule.Default("enableTcpReset", false)
		rule.Default("enableFloatingIP", false)
		rule.Default("disableOutboundSnat", false)
	}
	for _, probe := range p.Objects("probes") {
		probe.Default("intervalInSeconds", 15.0)
		probe.Default("numberOfProbes", 2.0)
		probe.Default("probeThreshold", 1.0)
	}
}

func skuKept(t *simcloud.Transaction) error {
	for _, path := range []string{"sku.name", "sku.tier"} {
		if t.Changes(path) {
			return refuse(400, "SkuCannotBeChanged", "SKU property cannot be updated for existing resource %s: from %s to %s.", t.After.ID, t.Before.Properties.Text(path), t.After.Properties.Text(path))
		}
	}
	return nil
}

func frontendsPlaced(t *simcloud.Transaction) error {
	for _, frontend := range t.After.Properties.Objects("frontendIPConfigurations") {
		id := t.After.ID + "/frontendIPConfigurations/" + frontend.Text("name")
		subnet, isInternal := t.World.Get(frontend.Text("subnet.id"))
		address, isPublic := t.World.Get(frontend.Text("publicIPAddress.id"))
		switch {
		case isInternal && isPublic:
			return refuse(400, "FrontendIPConfigHasBothSubnetAndPublicIP", "Frontend IP Configuration %s must not reference both a Subnet and a Public IP Address.", id)
		case isInternal:
			if err := sameRegion(t, subnet); err != nil {
				return err
			}
		case isPublic:
			if address.Properties.Text("sku.name") != t.After.Properties.Text("sku.name") {
				return refuse(400, "DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed", "Different sku load balancer and public IP address is not allowed: %s is %s and %s is %s.",
					t.After.ID, t.After.Properties.Text("sku.name"), address.ID, address.Properties.Text("sku.name"))
			}
		default:
			return refuse(400, "FrontendIPConfigMustReferenceSubnetOrPublicIP", "Frontend IP Configuration %s must reference either a Subnet or a Public IP Address.", id)
		}
		if len(frontend.Texts("zones")) > 0 && t.After.Properties.Text("sku.name") != "Standard" {
			return refuse(400, "ZonesNotAllowedForBasicSku", "Frontend IP Configuration %s names zones, which needs a load balancer of sku Standard.", id)
		}
	}
	return nil
}

// ownParts: what a rule refers to must be in the same load balancer, and of the right sort.
func ownParts(t *simcloud.Transaction) error {
	p := t.After.Properties
	for i, rule := range p.Objects("loadBalancingRules") {
		if !rule.Has("frontendIPConfiguration.id") {
			return refuse(400, "LoadBalancingRuleMissingFrontend", "Load balancing rule %s must reference a frontend IP configuration.", rule.Text("name"))
		}
		references := []struct{ path, id, list string }{
			{"frontendIPConfiguration.id", rule.Text("frontendIPConfiguration.id"), "frontendIPConfigurations"},
			{"backendAddressPool.id", rule.Text("backendAddressPool.id"), "backendAddressPools"},
			{"probe.id", rule.Text("probe.id"), "probes"},
		}
		for j, pool := range rule.Objects("backendAddressPools") {
			references = append(references, struct{ path, id, list string }{fmt.Sprintf("backendAddressPools[%d].id", j), pool.Text("id"), "backendAddressPools"})
		}
		for _, reference := range references {
			if reference.id == "" {
				continue
			}
			found := false
			for _, id := range partsIn(reference.list)(t.After) {
				found = found || t.World.Same(id, reference.id)
			}
			if !found {
				return missing("", reference.id, fmt.Sprintf("loadBalancingRules[%d].%s", i, reference.path))
			}
		}
	}
	return nil
}

// maxRules is the limit of a Standard load balancer.
const maxRules = 1500

func judgeBalancingRules(t *simcloud.Transaction) error {
	rules := t.After.Properties.Objects("loadBalancingRules")
	if len(rules) > maxRules {
		return refuse(400, "LoadBalancingRuleCountLimitReached", "Load balancer %s has %d rules, the limit is %d.", t.After.ID, len(rules), maxRules)
	}
	fronts, backs := map[string]string{}, map[string]string{}
	for _, rule := range rules {
		name, front, back := rule.Text("name"), rule.Number("frontendPort"), rule.Number("backendPort")
		if (front == 0 || back == 0) && (rule.Text("protocol") != "All" || front != back) {
			return refuse(400, "LoadBalancingRulePortsInvalid", "Load balancing rule %s has frontend port %v and backend port %v: port 0 needs protocol All and both ports 0.", name, front, back)
		}
		for _, protocol := range protocols(rule) {
			key := fmt.Sprintf("%s %s %v", strings.ToLower(rule.Text("frontendIPConfiguration.id")), protocol, front)
			if other, taken := fronts[key]; taken {
				return refuse(400, "RulesUseSameFrontendPortProtocolAndIPConfig", "Load balancing rules %s and %s use the same frontend port %v and protocol %s with the same frontend IP configuration.", other, name, front, protocol)
			}
			fronts[key] = name
			pool := rule.Text("backendAddressPool.id")
			if pool == "" || rule.True("enableFloatingIP") {
				continue
			}
			key = fmt.Sprintf("%s %s %v", strings.ToLower(pool), protocol, back)
			if other, taken := backs[key]; taken {
				return refuse(400, "RulesUseSameBackendPortProtocolAndPool", "Load balancing rules %s and %s with floating IP disabled use the same protocol %s and backend port %v, and must not be used with the same backend address pool %s.", other, name, protocol, back, nameOf(pool))
			}
			backs[key] = name
		}
	}
	return nil
}

func protocols(rule simcloud.Properties) []string {
	if rule.Text("protocol") == "All" {
		return []string{"Tcp", "Udp"}
	}
	return []string{rule.Text("protocol")}
}

func judgeProbes(t *simcloud.Transaction) error {
	for _, probe := range t.After.Properties.Objects("probes") {
		if isTCP := probe.Text("protocol") == "Tcp"; isTCP == probe.Has("requestPath") {
			return refuse(400, "ProbeRequestPathInvalid", "Probe %s of protocol %s: requestPath is required for Http and Https and must be absent for Tcp.", probe.Text("name"), probe.Text("protocol"))
		}
	}
	return nil
}

// frontendsStillUsed: a frontend or pool that others hold cannot go.
func frontendsStillUsed(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	kept := map[string]bool{}
	for _, id := range partsIn(loadBalancerParts...)(t.After) {
		kept[strings.ToLower(id)] = true
	}
	var left []simcloud.Referrer
	for _, user := range t.World.Referrers(t.After.ID) {
		if kept[strings.ToLower(user.ID)] {
			continue
		}
		if user.Resource.Type == tokenPrivateLinkService {
			return refuseFrontendInUse(user)
		}
		left = append(left, user)
	}
	return leavePools(t, left)
}

func refuseFrontendInUse(user simcloud.Referrer) error {
	return refuse(400, "LoadBalancerFrontendIPConfigurationInUseByPrivateLinkService", "Frontend IP configuration %s cannot be deleted: it is in use by private link service %s.", user.ID, user.Resource.ID)
}

func computeLoadBalancer(t *simcloud.Transaction) error {
	for _, list := range loadBalancerParts {
		for _, item := range t.After.Properties.Objects(list) {
			item["id"] = t.After.ID + "/" + list + "/" + item.Text("name")
		}
	}
	return assignAddresses(t, "frontendIPConfigurations")
}

func loadBalancerOutputs(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	shown := r.Properties.Clone()
	for _, pool := range shown.Objects("backendAddressPools") {
		var members, addresses, rules []any
		for _, member := range membersOf(view, pool.Text("id")) {
			members = append(members, map[string]any{"id": member})
			addresses = append(addresses, map[string]any{
				"name": addressName(member), "networkInterfaceIPConfiguration": map[string]any{"id": member},
			})
		}
		for _, rule := range shown.Objects("loadBalancingRules") {
			if ruleUses(view, rule, pool.Text("id")) {
				rules = append(rules, map[string]any{"id": rule.Text("id")})
			}
		}
		if members != nil {
			pool["backendIPConfigurations"] = members
			if !pool.Has("loadBalancerBackendAddresses") {
				pool["loadBalancerBackendAddresses"] = addresses
			}
		}
		if rules != nil {
			pool["loadBalancingRules"] = rules
		}
	}
	return simcloud.Properties{"backendAddressPools": shown["backendAddressPools"]}
}

// addressName is how Azure names a pool's address that an interface brings: by its group, the interface and its configuration.
func addressName(member string) string {
	part := strings.Split(member, "/") // /subscriptions/S/resourceGroups/G/providers/Microsoft.Network/networkInterfaces/N/ipConfigurations/C
	return part[4] + "_" + part[8] + part[10]
}
