package azure

import (
	"net/netip"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// Validate returns every problem of a plan that has its defaults, and of the zones and addresses that the cluster asks for
// in it.
func (p NetworkPlan) Validate(path *field.Path, cluster kafka.Spec) kafka.Findings {
	var f kafka.Findings
	f.Errors = append(f.Errors, checkZones(cluster)...)
	brokersPath, natPath := path.Child("brokersSubnet"), path.Child("natSubnet")
	f.Errors = append(f.Errors, securityGroupRule.Check(path.Child("securityGroup"), p.SecurityGroup)...)
	f.Errors = append(f.Errors, address.CheckOutbound(path.Child("outbound"), p.Outbound)...)
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
	f.Errors = append(f.Errors, address.CheckNodes(cluster, "Azure", func(kafka.Node) (netip.Prefix, string) { return brokers, "brokersSubnet" })...)
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
	f.Errors = append(f.Errors, address.CheckOwn(path, []address.Made{
		{Key: "name", Given: p.Name != "", What: "virtual network"},
		{Key: "addressSpace", Given: p.AddressSpace != "", What: "virtual network"},
		{Key: "outbound", Given: p.Outbound == address.OutboundNATGateway, What: "NAT gateway"},
		{Key: "bastion", Given: p.Bastion != nil, What: "Azure Bastion"},
	})...)
}

func (p NetworkPlan) validateNew(f *kafka.Findings, path *field.Path, brokers, nat netip.Prefix) {
	f.Errors = append(f.Errors, networkRule.Check(path.Child("name"), p.Name)...)
	f.Errors = append(f.Errors, subnetRule.Check(path.Child("brokersSubnet", "name"), p.Brokers.Name)...)
	space := subnetCIDR(f, path.Child("addressSpace"), p.AddressSpace)
	members := []address.Member{{Path: path.Child("brokersSubnet", "cidr"), Prefix: brokers, Label: "brokersSubnet"}}
	if !p.SharedSubnet() {
		f.Errors = append(f.Errors, subnetRule.Check(path.Child("natSubnet", "name"), p.NAT.Name)...)
		members = append(members, address.Member{Path: path.Child("natSubnet", "cidr"), Prefix: nat, Label: "natSubnet"})
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
		members = append(members, address.Member{Path: bastionPath, Prefix: bastion, Label: "bastion"})
	}
	address.CheckMembers(f, "network.addressSpace", space, members)
	if p.Outbound == address.OutboundNone {
		f.Warnings = append(f.Warnings, kafka.Invalid(path.Child("outbound"), p.Outbound, "leaves a new network without a way to Azure: the results of Run Commands, by which brokers are configured, return by outbound 443", "choose "+address.OutboundNATGateway+", or give the brokers' subnet a route to Azure's own addresses (service tag AzureCloud)"))
	}
}

// validateReach checks where consumers and clients come from.
func (p NetworkPlan) validateReach(f *kafka.Findings, path *field.Path, nat netip.Prefix) {
	if p.SharedSubnet() {
		f.Warnings = append(f.Warnings, kafka.Invalid(path.Child("natSubnet"), p.NAT.CIDR, "consumers come from the brokers' own subnet, so no filter can tell them from brokers", "give the Private Link Service a subnet of its own (a /28 is enough)"))
	} else if nat.IsValid() && nat.Bits() > 28 {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("natSubnet", "cidr"), nat.String(), "leaves fewer than 8 addresses for translation after the 5 that Azure reserves", "give it a /28 or larger"))
	}
	address.CheckClients(f, path.Child("clients"), p.Clients)
}

// subnetCIDR parses the range of a subnet or of a network.
func subnetCIDR(f *kafka.Findings, path *field.Path, text string) netip.Prefix {
	p := address.Range(f, path, text)
	if p.IsValid() && p.Bits() > 29 {
		f.Errors = append(f.Errors, kafka.Invalid(path, text, "is smaller than Azure's smallest subnet", "give it a /29 or larger"))
	}
	return p
}
