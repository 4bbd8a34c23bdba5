package azure

import (
	"cmp"
	"net/netip"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// NetworkPlan is the network a cluster lives in: a new virtual network, or subnets of the user's own.
type NetworkPlan struct {
	// Name of the virtual network to make. Empty when both subnets are given by id.
	Name string `json:"name,omitempty" pulumi:"name"`
	// AddressSpace of the virtual network to make, an IPv4 CIDR. Default 10.0.0.0/16.
	AddressSpace string `json:"addressSpace,omitempty" pulumi:"addressSpace"`
	// Brokers is the subnet of the machines and of the load balancers' frontends.
	Brokers SubnetPlan `json:"brokersSubnet" pulumi:"brokersSubnet"`
	// NAT is the subnet that consumers' connections appear to come from. Left out, a dedicated /28 is made; naming the
	// brokers' subnet, as the documents do, makes consumers and brokers look alike to every filter.
	NAT SubnetPlan `json:"natSubnet,omitempty" pulumi:"natSubnet"`
	// Bastion, when given, adds an Azure Bastion in its own AzureBastionSubnet (/26 or larger) and admits SSH from it.
	Bastion *BastionPlan `json:"bastion,omitempty" pulumi:"bastion"`
	// Outbound is how brokers fetch Java and Kafka: "natGateway" (default in a new network) or "none" (the network has
	// its own way out, or the hosts' sources are inside it; default in the user's own).
	Outbound string `json:"outbound,omitempty" pulumi:"outbound"`
	// Clients are IPv4 CIDRs admitted to the INTERNAL listener: applications beside the cluster.
	Clients []string `json:"clients,omitempty" pulumi:"clients"`
	// SecurityGroup names the network security group of the brokers' interfaces. Default "<cluster>-brokers".
	SecurityGroup string `json:"securityGroup,omitempty" pulumi:"securityGroup"`
}

// SubnetPlan is one subnet: made with a name and a CIDR, or the user's own by id, its CIDR repeated here because
// addresses are planned before Azure is asked.
type SubnetPlan struct {
	Name string `json:"name,omitempty" pulumi:"name"`
	CIDR string `json:"cidr,omitempty" pulumi:"cidr"`
	ID   string `json:"id,omitempty" pulumi:"id"`
}

// BastionPlan is an Azure Bastion for operators who want a shell; nothing of ours needs it.
type BastionPlan struct {
	CIDR string `json:"cidr" pulumi:"cidr"`
	// SKU is "Basic" (default) or "Standard".
	SKU string `json:"sku,omitempty" pulumi:"sku"`
}

// WithDefaults fills what was left out.
func (p NetworkPlan) WithDefaults(name string) NetworkPlan {
	if !p.Existing() {
		p.Name = cmp.Or(p.Name, name+"-vnet")
		p.AddressSpace = cmp.Or(p.AddressSpace, "10.0.0.0/16")
		p.Brokers.Name = cmp.Or(p.Brokers.Name, "brokers-subnet")
		p.Brokers.CIDR = cmp.Or(p.Brokers.CIDR, "10.0.0.0/24")
		p.NAT.Name = cmp.Or(p.NAT.Name, "private-link-subnet")
		if p.NAT.CIDR == "" && p.NAT.Name != p.Brokers.Name {
			p.NAT.CIDR = "10.0.1.0/28"
		}
		p.Outbound = cmp.Or(p.Outbound, address.OutboundNATGateway)
	}
	if p.SharedSubnet() {
		p.NAT = p.Brokers
	}
	p.Outbound = cmp.Or(p.Outbound, address.OutboundNone)
	p.SecurityGroup = cmp.Or(p.SecurityGroup, securityGroupRule.Fit(name+"-brokers"))
	if p.Bastion != nil && p.Bastion.SKU == "" {
		b := *p.Bastion
		b.SKU = "Basic"
		p.Bastion = &b
	}
	return p
}

// Existing says whether the subnets are the user's own.
func (p NetworkPlan) Existing() bool { return p.Brokers.ID != "" || p.NAT.ID != "" }

// SharedSubnet says whether consumers come from the brokers' own subnet.
func (p NetworkPlan) SharedSubnet() bool {
	if p.Existing() {
		return p.NAT.ID == p.Brokers.ID
	}
	return p.NAT.Name == p.Brokers.Name
}

// Prefix of the subnet that a node is in, if that is a valid one.
func (p NetworkPlan) Prefix(kafka.Node) (netip.Prefix, error) {
	return netip.ParsePrefix(p.Brokers.CIDR)
}
