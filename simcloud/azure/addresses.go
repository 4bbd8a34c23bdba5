package azure

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/addresses"
)

// parsePrefix reads a CIDR that must have no bit set below its length.
func parsePrefix(text, owner string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return prefix, refuse(400, "InvalidAddressPrefixFormat", "Address prefix %s of resource %s is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.", text, owner)
	}
	if prefix != prefix.Masked() {
		return prefix, refuse(400, "InvalidCIDRNotation", "The address prefix %s in resource %s has an invalid CIDR notation. For the given prefix length, the address prefix should be %s.", text, owner, prefix.Masked())
	}
	return prefix, nil
}

// holders are the types whose lists of IP configurations hold addresses of subnets.
var holders = map[string]string{
	tokenNetworkInterface:   "ipConfigurations",
	tokenLoadBalancer:       "frontendIPConfigurations",
	tokenPrivateLinkService: "ipConfigurations",
}

// addressesIn gives the addresses taken in a subnet, and by which IP configurations.
func addressesIn(view simcloud.View, subnet string) map[netip.Addr]string {
	taken := map[netip.Addr]string{}
	for token, list := range holders {
		for _, r := range view.List(token) {
			for _, configuration := range r.Properties.Objects(list) {
				address, err := netip.ParseAddr(configuration.Text("privateIPAddress"))
				if err == nil && view.Same(configuration.Text("subnet.id"), subnet) {
					taken[address] = configuration.Text("id")
				}
			}
		}
	}
	return taken
}

// assignAddresses gives every IP configuration in a list its id and, if it lies in a subnet, its private
// address: the one it names, the one it has had, or the lowest free one.
func assignAddresses(t *simcloud.Transaction, list string) error {
	had := map[string]simcloud.Properties{}
	if t.Before != nil {
		for _, c := range t.Before.Properties.Objects(list) {
			had[c.Text("name")] = c
		}
	}
	own := map[netip.Addr]string{}
	listed := map[string]bool{}
	for _, c := range t.After.Properties.Objects(list) {
		listed[c.Text("name")] = true
	}
	for _, c := range t.After.Properties.Objects(list) {
		c["id"] = t.After.ID + "/" + list + "/" + c.Text("name")
		subnet, ok := t.World.Get(c.Text("subnet.id"))
		if !ok {
			continue
		}
		c.Default("privateIPAllocationMethod", "Dynamic")
		c.Default("privateIPAddressVersion", "IPv4")
		taken := addressesIn(t.World, subnet.ID)
		for address, holder := range own {
			taken[address] = holder
		}
		for address, holder := range taken { // what this configuration held, or one that goes, is free to take
			if t.World.Same(parentOf(holder), t.After.ID) && own[address] == "" && (t.World.Same(holder, c.Text("id")) || !listed[nameOf(holder)]) {
				delete(taken, address)
			}
		}
		if err := assignAddress(c, had[c.Text("name")], subnet, taken, t.World); err != nil {
			return err
		}
		address, _ := netip.ParseAddr(c.Text("privateIPAddress"))
		own[address] = c.Text("id")
	}
	return nil
}

func assignAddress(c, before simcloud.Properties, subnet *simcloud.Resource, taken map[netip.Addr]string, view simcloud.View) error {
	prefix, err := parsePrefix(prefixOf(subnet), subnet.ID)
	if err != nil {
		return err
	}
	if c.Text("privateIPAddressVersion") == "IPv6" && !hasIPv6(subnet) {
		return refuse(400, "IPv6ConfigurationInSubnetWithoutIPv6Prefix", "IP configuration %s is of version IPv6, and subnet %s has no IPv6 address prefix.", c.Text("id"), subnet.ID)
	}
	wanted := c.Text("privateIPAddress")
	if c.Text("privateIPAllocationMethod") != "Static" {
		wanted = ""
		if before != nil && view.Same(before.Text("subnet.id"), subnet.ID) {
			wanted = before.Text("privateIPAddress")
		}
		if address, err := netip.ParseAddr(wanted); err != nil || taken[address] != "" || !addresses.Usable(prefix, address) {
			wanted = addresses.LowestFree(prefix, taken)
		}
		if wanted == "" {
			return refuse(400, "SubnetIsFull", "Subnet %s with address prefix %s does not have enough capacity for 1 IP addresses.", subnet.ID, prefix)
		}
	}
	if wanted == "" {
		return refuse(400, "PrivateIPAddressMissing", "IP configuration %s uses static allocation and must have a private IP address.", c.Text("id"))
	}
	address, err := netip.ParseAddr(wanted)
	if err != nil || !prefix.Contains(address) {
		return refuse(400, "PrivateIPAddressNotInSubnet", "Private static IP address %s does not belong to the range of subnet prefix %s.", wanted, prefix)
	}
	if !addresses.Usable(prefix, address) {
		return refuse(400, "PrivateIPAddressInReservedRange", "Private static IP address %s falls within reserved IP range of subnet prefix %s.", wanted, prefix)
	}
	if holder := taken[address]; holder != "" {
		return refuse(400, "PrivateIPAddressIsAllocated", "IP configuration %s is using the private IP address %s which is already allocated to resource %s.", c.Text("id"), wanted, holder)
	}
	c["privateIPAddress"] = wanted
	return nil
}

func hasIPv6(subnet *simcloud.Resource) bool {
	for _, text := range append(subnet.Properties.Texts("addressPrefixes"), subnet.Properties.Text("addressPrefix")) {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Addr().Is6() {
			return true
		}
	}
	return false
}

// onePrimary makes the first of a list primary where none is said to be, as ARM does.
func onePrimary(list []simcloud.Properties) {
	for _, item := range list {
		if item.True("primary") {
			return
		}
	}
	if len(list) > 0 {
		list[0]["primary"] = true
	}
}

// named refuses lists in which items have no name or share one.
func named(lists ...string) simcloud.Rule {
	return func(t *simcloud.Transaction) error {
		for _, list := range lists {
			seen := map[string]bool{}
			for i, item := range t.After.Properties.Objects(list) {
				name := item.Text("name")
				if name == "" {
					return refuse(400, "MissingNameInResource", "%s[%d] of resource %s has no name.", list, i, t.After.ID)
				}
				if seen[name] {
					return refuse(400, "DuplicateResourceName", "Resource %s has two children with the same name '%s' in %s.", t.After.ID, name, list)
				}
				seen[name] = true
			}
		}
		return nil
	}
}
