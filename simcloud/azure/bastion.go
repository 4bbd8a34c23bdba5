package azure

import (
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenBastionHost = "azure-native:network:BastionHost"

func bastionHost() armType {
	return armType{path: "Microsoft.Network/bastionHosts/{bastionHostName}", names: networkNames, Kind: simcloud.Kind{
		Token:    tokenBastionHost,
		Duration: 400 * time.Second,
		Required: []string{"ipConfigurations[].name"},
		Enums:    map[string][]string{"sku.name": {"Basic", "Standard"}},
		Ranges:   map[string]simcloud.Range{"scaleUnits": {Min: 2, Max: 50}},
		References: []simcloud.Reference{
			{Path: "ipConfigurations[].subnet.id", To: []string{tokenSubnet}},
			{Path: "ipConfigurations[].publicIPAddress.id", To: []string{tokenPublicIPAddress}},
		},
		Defaults: func(p simcloud.Properties) {
			p.Default("sku.name", "Standard")
			p.Default("scaleUnits", 2.0)
		},
		Rules: []simcloud.Rule{bastionPlaced},
		Compute: func(t *simcloud.Transaction) error {
			t.After.Computed.Default("dnsName", "bst-"+identifiers.GUID(t.Unique("dns"))+".bastion.azure.com")
			for _, c := range t.After.Properties.Objects("ipConfigurations") {
				c["id"] = t.After.ID + "/bastionHostIpConfigurations/" + c.Text("name")
			}
			return nil
		},
	}}
}

func bastionPlaced(t *simcloud.Transaction) error {
	configurations := t.After.Properties.Objects("ipConfigurations")
	if len(configurations) != 1 {
		return refuse(400, "BastionHostIpConfigurationCount", "Bastion host %s must have exactly one IP configuration, it has %d.", t.After.ID, len(configurations))
	}
	subnet := configurations[0].Text("subnet.id")
	if nameOf(subnet) != bastionSubnet {
		return refuse(400, "BastionHostSubnetNameInvalid", "Bastion host %s must be in a subnet named %s, not '%s'.", t.After.ID, bastionSubnet, nameOf(subnet))
	}
	return standardPublicIP(t, configurations[0].Text("publicIPAddress.id"))
}
