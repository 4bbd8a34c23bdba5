package azure

import (
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenNatGateway = "azure-native:network:NatGateway"

func natGateway() armType {
	return armType{path: "Microsoft.Network/natGateways/{natGatewayName}", names: networkNames, Kind: simcloud.Kind{
		Token:      tokenNatGateway,
		Duration:   10 * time.Second,
		Enums:      map[string][]string{"sku.name": {"Standard"}, "zones[]": zones},
		Ranges:     map[string]simcloud.Range{"idleTimeoutInMinutes": {Min: 4, Max: 120}},
		References: []simcloud.Reference{{Path: "publicIpAddresses[].id", To: []string{tokenPublicIPAddress}}},
		Defaults:   func(p simcloud.Properties) { p.Default("idleTimeoutInMinutes", 4.0) },
		Rules: []simcloud.Rule{natGatewayStandard, zonesKept, func(t *simcloud.Transaction) error {
			for _, address := range t.After.Properties.Objects("publicIpAddresses") {
				if err := standardPublicIP(t, address.Text("id")); err != nil {
					return err
				}
			}
			return nil
		}},
		DeleteRules: []simcloud.Rule{unused("InUseNatGatewayCannotBeDeleted", "NAT gateway %s is in use by %s and cannot be deleted. Disassociate it from its subnets first.")},
		Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
			var subnets []any
			for _, user := range view.Referrers(r.ID) {
				subnets = append(subnets, map[string]any{"id": user.Resource.ID})
			}
			if subnets == nil {
				return nil
			}
			return simcloud.Properties{"subnets": subnets}
		},
	}}
}

func natGatewayStandard(t *simcloud.Transaction) error {
	p := t.After.Properties
	if p.Text("sku.name") != "Standard" {
		return refuse(400, "InvalidNatGatewaySku", "NAT gateway %s must have the sku Standard.", t.After.ID)
	}
	if len(p.Texts("zones")) > 1 {
		return refuse(400, "NatGatewayZoneLimit", "NAT gateway %s can be in at most one zone, it names %v.", t.After.ID, p.Texts("zones"))
	}
	return nil
}
