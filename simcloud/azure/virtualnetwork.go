package azure

import (
	"net/netip"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenVirtualNetwork = "azure-native:network:VirtualNetwork"

func virtualNetwork() armType {
	return armType{path: "Microsoft.Network/virtualNetworks/{virtualNetworkName}", names: virtualNetworkNames, Kind: simcloud.Kind{
		Token:    tokenVirtualNetwork,
		Duration: 5 * time.Second,
		Replaces: []string{"location"},
		Required: []string{"virtualNetworkPeerings[].name"},
		Ranges:   map[string]simcloud.Range{"flowTimeoutInMinutes": {Min: 4, Max: 30}},
		// An update without `subnets` leaves them alone: ARM's API of 2023-02-01, which this SDK uses, would
		// delete them, but azure-native reads the present ones and sends them along. `subnets: []` deletes them.
		KeptWhenUnset: []string{"subnets", "virtualNetworkPeerings"},
		References: []simcloud.Reference{
			{Path: "subnets[].networkSecurityGroup.id", To: []string{tokenSecurityGroup}},
			{Path: "subnets[].natGateway.id", To: []string{tokenNatGateway}},
		},
		Defaults: func(p simcloud.Properties) {
			p.Default("enableDdosProtection", false)
		},
		Rules:       []simcloud.Rule{addressSpaceGiven, addressSpaceHoldsSubnets},
		Compute:     placeInlineSubnets,
		DeleteRules: []simcloud.Rule{subnetsUnused},
		Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
			subnets := []any{}
			for _, subnet := range subnetsOf(view, r.ID) {
				subnets = append(subnets, map[string]any(showSubnet(view, subnet)))
			}
			return simcloud.Properties{"subnets": subnets}
		},
	}}
}

func addressSpaceGiven(t *simcloud.Transaction) error {
	prefixes := t.After.Properties.Texts("addressSpace.addressPrefixes")
	if len(prefixes) == 0 {
		return refuse(400, "InvalidRequestFormat", "Virtual network %s must have at least one address prefix in addressSpace.addressPrefixes.", t.After.ID)
	}
	var seen []netip.Prefix
	for _, text := range prefixes {
		prefix, err := parsePrefix(text, t.After.ID)
		if err != nil {
			return err
		}
		for _, other := range seen {
			if prefix.Overlaps(other) {
				return refuse(400, "AddressSpacesOverlap", "Address prefixes %s and %s of virtual network %s overlap.", other, prefix, t.After.ID)
			}
		}
		seen = append(seen, prefix)
	}
	return nil
}

func addressSpaceHoldsSubnets(t *simcloud.Transaction) error {
	if t.Creating() || t.After.Properties.Has("subnets") {
		return nil // inline subnets are judged when they are placed
	}
	for _, subnet := range subnetsOf(t.World, t.After.ID) {
		if err := insideNetwork(t.After, subnet); err != nil {
			return err
		}
	}
	return nil
}

// placeInlineSubnets makes the subnets that the network lists, and removes those it does not list.
func placeInlineSubnets(t *simcloud.Transaction) error {
	if !t.After.Properties.Has("subnets") {
		return nil
	}
	listed := map[string]bool{}
	inline := t.After.Properties.Objects("subnets")
	delete(t.After.Properties, "subnets") // from here on they are resources of their own
	for i, properties := range inline {
		name := properties.Text("name")
		if name == "" {
			return refuse(400, "MissingNameInResource", "subnets[%d] of resource %s has no name.", i, t.After.ID)
		}
		listed[t.After.ID+"/subnets/"+name] = true
	}
	for _, subnet := range subnetsOf(t.World, t.After.ID) {
		if !listed[subnet.ID] {
			if err := refuseSubnetInUse(t.World, subnet); err != nil {
				return err
			}
			t.Remove(subnet.ID)
		}
	}
	for _, properties := range inline {
		id := t.After.ID + "/subnets/" + properties.Text("name")
		subnet := &simcloud.Resource{ID: id, Type: tokenSubnet, Parent: t.After.ID, Properties: properties, Computed: simcloud.Properties{}}
		delete(properties, "id")
		subnetDefaults(properties)
		before, _ := t.World.Get(id)
		if before != nil {
			subnet.Computed = before.Computed
		}
		if err := judgeSubnet(t.World, t.After, before, subnet); err != nil {
			return err
		}
		t.Put(subnet)
	}
	return nil
}

func subnetsUnused(t *simcloud.Transaction) error {
	for _, subnet := range subnetsOf(t.World, t.Before.ID) {
		if err := refuseSubnetInUse(t.World, subnet); err != nil {
			return err
		}
	}
	return nil
}

func subnetsOf(view simcloud.View, network string) []*simcloud.Resource {
	return simcloud.ChildrenOf(view, tokenSubnet, network)
}
