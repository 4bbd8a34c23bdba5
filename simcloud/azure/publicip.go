package azure

import (
	"net/netip"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/addresses"
)

const tokenPublicIPAddress = "azure-native:network:PublicIPAddress"

func publicIPAddress() armType {
	return armType{path: "Microsoft.Network/publicIPAddresses/{publicIpAddressName}", names: networkNames, Kind: simcloud.Kind{
		Token:    tokenPublicIPAddress,
		Duration: 4 * time.Second,
		Replaces: []string{"location", "publicIPAddressVersion", "publicIPPrefix", "sku"},
		Enums: map[string][]string{
			"publicIPAllocationMethod": {"Static", "Dynamic"},
			"publicIPAddressVersion":   {"IPv4", "IPv6"},
			"sku.name":                 {"Basic", "Standard"},
			"sku.tier":                 {"Regional", "Global"},
			"zones[]":                  zones,
		},
		Ranges: map[string]simcloud.Range{"idleTimeoutInMinutes": {Min: 4, Max: 30}},
		Defaults: func(p simcloud.Properties) {
			p.Default("sku.name", "Basic")
			p.Default("sku.tier", "Regional")
			p.Default("publicIPAllocationMethod", "Dynamic")
			p.Default("publicIPAddressVersion", "IPv4")
			p.Default("idleTimeoutInMinutes", 4.0)
		},
		Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
			p := t.After.Properties
			if p.Text("sku.name") == "Standard" && p.Text("publicIPAllocationMethod") != "Static" {
				return refuse(400, "StandardSkuPublicIPAddressMustBeStatic", "Standard sku publicIp %s must have AllocationMethod set to Static.", t.After.ID)
			}
			return zonesKept(t)
		}},
		Compute:     computePublicAddress,
		DeleteRules: []simcloud.Rule{unused("PublicIPAddressCannotBeDeleted", "Public IP address %s can not be deleted since it is still allocated to resource %s. In order to delete the public IP, disassociate/detach the Public IP address from the resource.")},
	}}
}

// publicRange is where simulated public addresses come from: a range kept for documentation, so that
// nothing sent to one by mistake arrives anywhere.
var publicRange = netip.MustParsePrefix("203.0.113.0/24")

func computePublicAddress(t *simcloud.Transaction) error {
	if !addresses.TakePublic(t, publicRange, tokenPublicIPAddress, "ipAddress") {
		return refuse(400, "PublicIPCountLimitReached", "Cannot create more public IP addresses for this subscription in this region.")
	}
	return nil
}

// standardPublicIP refuses a public address that is not Standard and static, or that another holds.
func standardPublicIP(t *simcloud.Transaction, id string) error {
	r, ok := t.World.Get(id)
	if !ok {
		return nil
	}
	if r.Properties.Text("sku.name") != "Standard" {
		return refuse(400, "PublicIPAddressSkuMustBeStandard", "Resource %s needs a Standard public IP address: %s is %s.", t.After.ID, r.ID, r.Properties.Text("sku.name"))
	}
	for _, user := range t.World.Referrers(r.ID) {
		if !t.World.Same(user.Resource.ID, t.After.ID) {
			return refuse(400, "PublicIPAddressInUse", "Resource %s is referencing public IP address %s that is already allocated to resource %s.", t.After.ID, r.ID, user.Resource.ID)
		}
	}
	return sameRegion(t, r)
}

// zones are the availability zones of a region that has them.
var zones = []string{"1", "2", "3"}

// zonesKept refuses a change of zones in place, in the words of the network's types.
func zonesKept(t *simcloud.Transaction) error {
	if t.Changes("zones") {
		return refuse(409, "ResourceAvailabilityZonesCannotBeModified", "Resource %s has an existing availability zone constraint %v and the request has availability zone constraint %v, which do not match. Zones cannot be added, updated or removed once the resource is created.",
			t.After.ID, t.Before.Properties.Texts("zones"), t.After.Properties.Texts("zones"))
	}
	return nil
}
