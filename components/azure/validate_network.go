package azure

import (
	"net/netip"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Validate returns every problem of a plan that has its defaults, and of the addresses that the cluster asks for in it.
func (p NetworkPlan) Validate(path *field.Path, cluster kafka.Spec) kafka.Findings {
	var f kafka.Findings
	brokersPath, natPath := path.Child("brokersSubnet"), path.Child("natSubnet")
	f.Errors = append(f.Errors, securityRuleRule.check(path.Child("securityGroup"), p.SecurityGroup)...)
	if p.Outbound != OutboundNATGateway && p.Outbound != OutboundNone {
		f.Errors = append(f.Errors, field.NotSupported(path.Child("outbound"), p.Outbound, []string{OutboundNATGateway, OutboundNone}))
	}
	brokers := subnetCIDR(&f, brokersPath.Child("cidr"), p.Brokers.CIDR)
	nat := brokers
	if !p.SharedSubnet() {
		nat = subnetCIDR(&f, natPath.Child("cidr"), p.NAT.CIDR)
	}
	if p.Existing() {
		p.validateExisting(&f, path)
	} else {
		p.validateNew(&f, path, brokers, nat)
	}
	p.validateReach(&f, path, nat)
	if brokers.IsValid() {
		f.Errors = append(f.Errors, checkAddresses(brokers, cluster)...)
	}
	return f
}

func (p NetworkPlan) validateExisting(f *kafka.Findings, path *field.Path) {
	brokersPath, natPath := path.Child("brokersSubnet"), path.Child("natSubnet")
	if p.Brokers.ID == "" {
		f.Errors = append(f.Errors, kafka.Missing(brokersPath.Child("id"), "natSubnet has an id, so both subnets are your own", "give this one's id too"))
	} else {
		f.Errors = append(f.Errors, checkSubnetID(brokersPath.Child("id"), p.Brokers.ID)...)
	}
	if p.NAT.ID == "" {
		f.Errors = append(f.Errors, kafka.Missing(natPath.Child("id"), "brokersSubnet has an id, so both subnets are your own", "give the id of a subnet whose privateLinkServiceNetworkPolicies are Disabled"))
	} else if !p.SharedSubnet() {
		f.Errors = append(f.Errors, checkSubnetID(natPath.Child("id"), p.NAT.ID)...)
	}
	if p.Name != "" {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("name"), p.Name, "the subnets are your own, so no virtual network is made", "remove the name"))
	}
	if p.AddressSpace != "" {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("addressSpace"), p.AddressSpace, "the subnets are your own, so no virtual network is made", "remove the address space"))
	}
	if p.Outbound == OutboundNATGateway {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("outbound"), p.Outbound, "a NAT gateway is attached to a subnet, and yours is not ours to change", "attach one yourself and leave this out"))
	}
	if p.Bastion != nil {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("bastion"), p.Bastion.CIDR, "an Azure Bastion is made only in a new network", "use the one of your own network"))
	}
}

func (p NetworkPlan) validateNew(f *kafka.Findings, path *field.Path, brokers, nat netip.Prefix) {
	f.Errors = append(f.Errors, virtualNetRule.check(path.Child("name"), p.Name)...)
	f.Errors = append(f.Errors, subnetRule.check(path.Child("brokersSubnet", "name"), p.Brokers.Name)...)
	space := subnetCIDR(f, path.Child("addressSpace"), p.AddressSpace)
	type member struct {
		path   *field.Path
		prefix netip.Prefix
		label  string
	}
	members := []member{{path.Child("brokersSubnet", "cidr"), brokers, "brokersSubnet"}}
	if !p.SharedSubnet() {
		f.Errors = append(f.Errors, subnetRule.check(path.Child("natSubnet", "name"), p.NAT.Name)...)
		members = append(members, member{path.Child("natSubnet", "cidr"), nat, "natSubnet"})
	}
	if p.Bastion != nil {
		bastionPath := path.Child("bastion", "cidr")
		bastion := subnetCIDR(f, bastionPath, p.Bastion.CIDR)
		if bastion.IsValid() && bastion.Bits() > 26 {
			f.Errors = append(f.Errors, kafka.Invalid(bastionPath, p.Bastion.CIDR, "Azure Bastion needs a /26 or larger", "give it a larger subnet"))
		}
		if p.Bastion.SKU != "Basic" && p.Bastion.SKU != "Standard" {
			f.Errors = append(f.Errors, field.NotSupported(path.Child("bastion", "sku"), p.Bastion.SKU, []string{"Basic", "Standard"}))
		}
		members = append(members, member{bastionPath, bastion, "bastion"})
	}
	for i, m := range members {
		if !m.prefix.IsValid() {
			continue
		}
		if space.IsValid() && !contains(space, m.prefix) {
			f.Errors = append(f.Errors, kafka.Invalid(m.path, m.prefix.String(), "lies outside the network's address space "+space.String(), "choose a subnet inside it, or widen network.addressSpace"))
		}
		for _, rival := range members[:i] {
			if rival.prefix.IsValid() && rival.prefix.Overlaps(m.prefix) {
				f.Errors = append(f.Errors, kafka.Invalid(m.path, m.prefix.String(), "overlaps "+rival.label+" ("+rival.prefix.String()+")", "choose ranges that do not meet"))
			}
		}
	}
}

// validateReach checks where consumers and clients come from.
func (p NetworkPlan) validateReach(f *kafka.Findings, path *field.Path, nat netip.Prefix) {
	if p.SharedSubnet() {
		f.Warnings = append(f.Warnings, kafka.Invalid(path.Child("natSubnet"), p.NAT.CIDR, "consumers come from the brokers' own subnet, so no filter can tell them from brokers", "give the Private Link Service a subnet of its own (a /28 is enough)"))
	} else if nat.IsValid() && nat.Bits() > 28 {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("natSubnet", "cidr"), nat.String(), "leaves fewer than 8 addresses for translation after the 5 that Azure reserves", "give it a /28 or larger"))
	}
	for i, cidr := range p.Clients {
		at := path.Child("clients").Index(i)
		if client := ipv4Range(f, at, cidr); client.IsValid() && !privateRange(client) {
			f.Errors = append(f.Errors, kafka.Invalid(at, cidr, "is open to the internet: only private ranges are admitted", "name the networks your applications are in, inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"))
		}
	}
}

// privateRange says whether all of a range is of RFC 1918.
func privateRange(p netip.Prefix) bool {
	for _, private := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"} {
		if contains(netip.MustParsePrefix(private), p) {
			return true
		}
	}
	return false
}

// checkAddresses compares the addresses that nodes ask for with the subnet they are to be in.
func checkAddresses(brokers netip.Prefix, cluster kafka.Spec) (errs field.ErrorList) {
	for i, n := range cluster.Nodes {
		a, err := netip.ParseAddr(n.Address)
		if err != nil {
			continue // said by the model
		}
		path := field.NewPath("cluster", "nodes").Index(i).Child("address")
		switch {
		case !brokers.Contains(a):
			errs = append(errs, kafka.Invalid(path, n.Address, "lies outside brokersSubnet ("+brokers.String()+")", "choose an address inside it"))
		case reserved(brokers, a):
			errs = append(errs, kafka.Invalid(path, n.Address, "is one of the five addresses Azure reserves in "+brokers.String(), "choose another, or leave the address out"))
		}
	}
	return errs
}

// subnetCIDR parses the range of a subnet or of a network.
func subnetCIDR(f *kafka.Findings, path *field.Path, text string) netip.Prefix {
	p := ipv4Range(f, path, text)
	if p.IsValid() && p.Bits() > 29 {
		f.Errors = append(f.Errors, kafka.Invalid(path, text, "is smaller than Azure's smallest subnet", "give it a /29 or larger"))
	}
	return p
}

// ipv4Range parses an IPv4 CIDR whose host bits are zero, as Azure wants it.
func ipv4Range(f *kafka.Findings, path *field.Path, text string) netip.Prefix {
	if text == "" {
		f.Errors = append(f.Errors, kafka.Missing(path, "an IPv4 range is needed", "write one like 10.0.0.0/24"))
		return netip.Prefix{}
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		f.Errors = append(f.Errors, kafka.Invalid(path, text, "is not an IPv4 range", "write it like 10.0.0.0/24"))
		return netip.Prefix{}
	}
	if p.Masked() != p {
		f.Errors = append(f.Errors, kafka.Invalid(path, text, "has host bits set", "write "+p.Masked().String()))
	}
	return p.Masked()
}

func contains(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}
