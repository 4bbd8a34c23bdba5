package azure

import (
	"net/netip"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/addresses"
)

const tokenSubnet = "azure-native:network:Subnet"

func subnet() armType {
	return armType{path: "Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}", names: networkNames, Kind: simcloud.Kind{
		Token:    tokenSubnet,
		Duration: 5 * time.Second,
		Enums: map[string][]string{
			"privateEndpointNetworkPolicies":    {"Enabled", "Disabled"},
			"privateLinkServiceNetworkPolicies": {"Enabled", "Disabled"},
		},
		References: []simcloud.Reference{
			{Path: "networkSecurityGroup.id", To: []string{tokenSecurityGroup}},
			{Path: "natGateway.id", To: []string{tokenNatGateway}},
		},
		Defaults: subnetDefaults,
		Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
			network, _ := t.World.Get(t.After.Parent)
			return judgeSubnet(t.World, network, t.Before, t.After)
		}},
		DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error { return refuseSubnetInUse(t.World, t.Before) }},
		Outputs:     subnetOutputs,
	}}
}

func subnetDefaults(p simcloud.Properties) {
	if prefixes := p.Texts("addressPrefixes"); !p.Has("addressPrefix") && len(prefixes) == 1 {
		p["addressPrefix"] = prefixes[0]
	}
	p.Default("privateEndpointNetworkPolicies", "Disabled")
	p.Default("privateLinkServiceNetworkPolicies", "Enabled")
}

func prefixOf(subnet *simcloud.Resource) string { return subnet.Properties.Text("addressPrefix") }

// bastionSubnet is the name a subnet must have to hold a bastion.
const bastionSubnet = "AzureBastionSubnet"

// judgeSubnet holds a subnet, its own resource or inline, against its network.
func judgeSubnet(view simcloud.View, network, before, subnet *simcloud.Resource) error {
	prefix, err := parsePrefix(prefixOf(subnet), subnet.ID)
	if err != nil {
		return err
	}
	const smallest = 29
	if prefix.Bits() > smallest {
		return refuse(400, "NetcfgSubnetRangeTooSmall", "Subnet '%s' is not valid because its IP address range %s is too small: the smallest is /%d.", nameOf(subnet.ID), prefix, smallest)
	}
	if nameOf(subnet.ID) == bastionSubnet && prefix.Bits() > 26 {
		return refuse(400, "BastionSubnetTooSmall", "Subnet %s must be /26 or larger, it is %s.", subnet.ID, prefix)
	}
	if err := insideNetwork(network, subnet); err != nil {
		return err
	}
	for _, other := range subnetsOf(view, network.ID) {
		theirs, err := netip.ParsePrefix(prefixOf(other))
		if err == nil && !view.Same(other.ID, subnet.ID) && theirs.Overlaps(prefix) {
			return refuse(400, "NetcfgSubnetRangesOverlap", "Subnet '%s' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '%s': %s is in %s of '%s'.",
				nameOf(subnet.ID), nameOf(network.ID), prefix, theirs, nameOf(other.ID))
		}
	}
	if err := reachable(view, network, subnet); err != nil {
		return err
	}
	return judgeSubnetChange(view, before, subnet)
}

func insideNetwork(network, subnet *simcloud.Resource) error {
	prefix, err := parsePrefix(prefixOf(subnet), subnet.ID)
	if err != nil {
		return err
	}
	for _, text := range network.Properties.Texts("addressSpace.addressPrefixes") {
		space, err := netip.ParsePrefix(text)
		if err == nil && addresses.Within(prefix, space) {
			return nil
		}
	}
	return refuse(400, "NetcfgInvalidSubnet", "Subnet '%s' is not valid because its IP address range is outside the IP address range of virtual network '%s': %s.", nameOf(subnet.ID), nameOf(network.ID), prefix)
}

// reachable: what a subnet refers to lies in the network's region.
func reachable(view simcloud.View, network, subnet *simcloud.Resource) error {
	for _, path := range []string{"networkSecurityGroup.id", "natGateway.id"} {
		other, ok := view.Get(subnet.Properties.Text(path))
		if ok && regionOf(view, other) != regionOf(view, network) {
			return refuse(400, "InvalidResourceReference", "Resource %s referenced by resource %s was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.", other.ID, subnet.ID)
		}
	}
	return nil
}

func judgeSubnetChange(view simcloud.View, before, subnet *simcloud.Resource) error {
	if before == nil {
		return nil
	}
	users := view.Referrers(subnet.ID)
	if prefixOf(before) != prefixOf(subnet) && len(users) > 0 {
		return refuse(400, "InUseSubnetCannotBeUpdated", "Subnet %s is in use by %s and its address prefix cannot be changed from %s to %s.", nameOf(subnet.ID), inUse(users), prefixOf(before), prefixOf(subnet))
	}
	if subnet.Properties.Text("privateLinkServiceNetworkPolicies") != "Disabled" {
		for _, user := range users {
			if user.Resource.Type == tokenPrivateLinkService {
				return refuse(400, "PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet", "Private link service network policies cannot be enabled on subnet %s: it holds private link service %s.", subnet.ID, user.Resource.ID)
			}
		}
	}
	return nil
}

func refuseSubnetInUse(view simcloud.View, subnet *simcloud.Resource) error {
	if users := view.Referrers(subnet.ID); len(users) > 0 {
		return refuse(400, "InUseSubnetCannotBeDeleted", "Subnet %s is in use by %s and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.", nameOf(subnet.ID), inUse(users))
	}
	return nil
}

func subnetOutputs(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	shown := simcloud.Properties{}
	var configurations []any
	for _, user := range view.Referrers(r.ID) {
		if list, ok := holders[user.Resource.Type]; ok {
			for _, c := range user.Resource.Properties.Objects(list) {
				if view.Same(c.Text("subnet.id"), r.ID) {
					configurations = append(configurations, map[string]any{"id": c.Text("id")})
				}
			}
		}
	}
	if configurations != nil {
		shown["ipConfigurations"] = configurations
	}
	return shown
}

// showSubnet is a subnet as its network shows it.
func showSubnet(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	shown := r.Properties.Clone()
	for name, value := range subnetOutputs(view, r) {
		shown[name] = value
	}
	shown["id"], shown["name"], shown["provisioningState"] = r.ID, nameOf(r.ID), "Succeeded"
	return shown
}
