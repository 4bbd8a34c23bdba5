package aws

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// NetworkPlan is the network a cluster lives in: a new VPC, or subnets of the user's own.
type NetworkPlan struct {
	// Name of the VPC to make. Empty when the subnets are given by id.
	Name string `json:"name,omitempty" pulumi:"name"`
	// AddressSpace of the VPC to make, an IPv4 CIDR. Default 10.0.0.0/16.
	AddressSpace string `json:"addressSpace,omitempty" pulumi:"addressSpace"`
	// Brokers are the private subnets of the machines and of the load balancers' nodes, one per zone. Left out, quarters of
	// the address space, for up to three zones in the order of cluster.zones.
	Brokers []SubnetPlan `json:"brokerSubnets,omitempty" pulumi:"brokerSubnets"`
	// Public is the subnet of the NAT gateway and of the bastion. Left out, the last quarter of the address space.
	Public SubnetPlan `json:"publicSubnet,omitempty" pulumi:"publicSubnet"`
	// Bastion, when given, is a machine with a public address, from which the brokers admit SSH. Without one, Session
	// Manager gives a shell.
	Bastion *BastionPlan `json:"bastion,omitempty" pulumi:"bastion"`
	// Outbound is how brokers fetch Java and Kafka and hear from Systems Manager: "natGateway" (default in a new network) or
	// "none" (the network has its own way out, or endpoints of Systems Manager and mirrors; default in the user's own).
	Outbound string `json:"outbound,omitempty" pulumi:"outbound"`
	// Clients are IPv4 CIDRs admitted to the INTERNAL listener: applications beside the cluster.
	Clients []string `json:"clients,omitempty" pulumi:"clients"`
	// SecurityGroup names the security group of the brokers' interfaces. Default "<cluster>-brokers".
	SecurityGroup string `json:"securityGroup,omitempty" pulumi:"securityGroup"`
}

// SubnetPlan is one subnet: made with a name and a CIDR, or the user's own by id, its zone and CIDR repeated here because
// addresses are planned before AWS is asked.
type SubnetPlan struct {
	// Zone is the id of its availability zone, like usw2-az1. The public subnet's default is the first zone.
	Zone string `json:"zone,omitempty" pulumi:"zone"`
	// Name of a subnet to make. Default: the cluster's, with the zone or "-public" at its end.
	Name string `json:"name,omitempty" pulumi:"name"`
	// CIDR of it, IPv4.
	CIDR string `json:"cidr,omitempty" pulumi:"cidr"`
	// ID of one that is there, "subnet-…".
	ID string `json:"id,omitempty" pulumi:"id"`
}

// BastionPlan is a bastion for operators who want SSH; nothing of ours needs it.
type BastionPlan struct {
	// Name of the machine. Default "<cluster>-bastion".
	Name string `json:"name,omitempty" pulumi:"name"`
	// Type of the instance. Default t3.micro.
	Type string `json:"type,omitempty" pulumi:"type"`
	// From are the IPv4 CIDRs that may connect to it.
	From []string `json:"from" pulumi:"from"`
}

// WithDefaults fills what was left out.
func (p NetworkPlan) WithDefaults(name string, cluster kafka.Spec) NetworkPlan {
	zones := zonesOf(cluster)
	p.Brokers = slices.Clone(p.Brokers)
	if !p.Existing() {
		p.Name = cmp.Or(p.Name, name+"-vpc")
		p.AddressSpace = cmp.Or(p.AddressSpace, "10.0.0.0/16")
		if len(p.Brokers) == 0 {
			p.Brokers = quarters(p.AddressSpace, zones)
		}
		for i := range p.Brokers {
			p.Brokers[i].Name = cmp.Or(p.Brokers[i].Name, "broker-"+p.Brokers[i].Zone)
		}
		p.Public.Name = cmp.Or(p.Public.Name, name+"-public")
		p.Public.CIDR = cmp.Or(p.Public.CIDR, quarter(p.AddressSpace, 3))
		if len(zones) > 0 {
			p.Public.Zone = cmp.Or(p.Public.Zone, zones[0])
		}
		p.Outbound = cmp.Or(p.Outbound, address.OutboundNATGateway)
	}
	p.Outbound = cmp.Or(p.Outbound, address.OutboundNone)
	p.SecurityGroup = cmp.Or(p.SecurityGroup, securityGroupRule.Fit(name+"-brokers"))
	if p.Bastion != nil {
		b := *p.Bastion
		b.Name, b.Type = cmp.Or(b.Name, machineRule.Fit(name+"-bastion")), cmp.Or(b.Type, "t3.micro")
		p.Bastion = &b
	}
	return p
}

// quarters gives the first three zones a quarter of a range each.
func quarters(space string, zones []string) (subnets []SubnetPlan) {
	for i, zone := range zones {
		if i < 3 {
			subnets = append(subnets, SubnetPlan{Zone: zone, CIDR: quarter(space, i)})
		}
	}
	return subnets
}

// quarter is the i-th quarter of a range, or "" of one that is none; its own problems are said elsewhere.
func quarter(space string, i int) string {
	p, err := netip.ParsePrefix(space)
	if err != nil || !p.Addr().Is4() || p.Bits() > 30 {
		return ""
	}
	return netip.PrefixFrom(address.Nth(p, i<<(30-p.Bits())), p.Bits()+2).String()
}

// Existing says whether the subnets are the user's own.
func (p NetworkPlan) Existing() bool {
	return slices.ContainsFunc(p.Brokers, func(s SubnetPlan) bool { return s.ID != "" })
}

// subnetOf is the subnet of a zone.
func (p NetworkPlan) subnetOf(zone string) (SubnetPlan, bool) {
	i := slices.IndexFunc(p.Brokers, func(s SubnetPlan) bool { return s.Zone == zone })
	if i < 0 {
		return SubnetPlan{}, false
	}
	return p.Brokers[i], true
}

// Prefix of the subnet that a node is in, if that is a valid one.
func (p NetworkPlan) Prefix(n kafka.Node) (netip.Prefix, error) {
	subnet, _ := p.subnetOf(n.Zone)
	return netip.ParsePrefix(subnet.CIDR)
}

// zones are the ids of the zones that have a subnet.
func (p NetworkPlan) zones() (zones []string) {
	for _, s := range p.Brokers {
		zones = appendNew(zones, s.Zone)
	}
	return zones
}
