package aws

import (
	"net/netip"
	"slices"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/addresses"
)

// holds is where a resource remembers which addresses it has in which subnets; no output has the name.
const holds = "holds"

// held is an address that a resource has in a subnet.
func held(subnet, address string) map[string]any {
	return map[string]any{"subnet": subnet, "address": address}
}

// addressesOf are the addresses that a resource has in a subnet.
func addressesOf(r *simcloud.Resource, subnet string) []string {
	var found []string
	for _, item := range r.Computed.Objects(holds) {
		if item.Text("subnet") == subnet {
			found = append(found, item.Text("address"))
		}
	}
	return found
}

// addressesIn gives the addresses taken in a subnet, and by whom.
func addressesIn(view simcloud.View, subnet string) map[netip.Addr]string {
	taken := map[netip.Addr]string{}
	for _, r := range view.List("") {
		for _, text := range addressesOf(r, subnet) {
			if address, err := netip.ParseAddr(text); err == nil {
				taken[address] = r.ID
			}
		}
	}
	return taken
}

// take gives a resource an address in a subnet: the one it wants, or else the lowest free one.
func take(t *simcloud.Transaction, subnet *simcloud.Resource, wanted string) (string, error) {
	prefix := cidrOf(subnet)
	taken := addressesIn(t.World, subnet.ID)
	for _, text := range addressesOf(t.After, subnet.ID) {
		if address, err := netip.ParseAddr(text); err == nil {
			taken[address] = t.After.ID
		}
	}
	if wanted == "" {
		if wanted = addresses.LowestFree(prefix, taken); wanted == "" {
			return "", refuse("InsufficientFreeAddressesInSubnet", "The specified subnet '%s' does not have enough free addresses to satisfy the request.", subnet.ID)
		}
	}
	address, err := netip.ParseAddr(wanted)
	switch {
	case err != nil:
		return "", refuse("InvalidParameterValue", "Invalid IP address: %s", wanted)
	case !prefix.Contains(address):
		return "", refuse("InvalidParameterValue", "Address %s does not fall within the subnet's address range", wanted)
	case !addresses.Usable(prefix, address):
		return "", refuse("InvalidParameterValue", "Address %s is in subnet's reserved address range", wanted)
	case taken[address] != "" && taken[address] != t.After.ID:
		return "", refuse("InvalidIPAddress.InUse", "Address %s is in use.", wanted)
	}
	if !slices.Contains(addressesOf(t.After, subnet.ID), wanted) {
		list, _ := t.After.Computed[holds].([]any)
		t.After.Computed[holds] = append(slices.Clone(list), held(subnet.ID, wanted))
	}
	return wanted, nil
}

// cidrOf is the range of a network or subnet, which its rules have accepted.
func cidrOf(r *simcloud.Resource) netip.Prefix {
	prefix, _ := netip.ParsePrefix(r.Properties.Text("cidrBlock"))
	return prefix
}

// canonical reads a CIDR that must have no bit set below its length.
func canonical(text string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return prefix, refuse("InvalidParameterValue", "Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", text)
	}
	if prefix != prefix.Masked() {
		return prefix, refuse("InvalidParameterValue", "%q is not a valid CIDR block; did you mean %q?", text, prefix.Masked().String())
	}
	return prefix, nil
}

// publicRange is where simulated public addresses come from: a range kept for documentation, so that nothing sent to one
// by mistake arrives anywhere.
var publicRange = netip.MustParsePrefix("198.51.100.0/24")

// takePublic gives a resource a public address, unless it has one.
func takePublic(t *simcloud.Transaction) error {
	if !addresses.TakePublic(t, publicRange, "", "publicIp") {
		return refuse("AddressLimitExceeded", "The maximum number of addresses has been reached.")
	}
	return nil
}
