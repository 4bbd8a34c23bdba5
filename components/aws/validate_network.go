package aws

import (
	"net/netip"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/kafka"
)

var subnetIDPattern = regexp.MustCompile(`^subnet-([0-9a-f]{8}|[0-9a-f]{17})$`)

// Validate returns every problem of a plan that has its defaults, and of the zones and addresses that the cluster asks for
// in it.
func (p NetworkPlan) Validate(path *field.Path, cluster kafka.Spec) kafka.Findings {
	var f kafka.Findings
	f.Errors = append(f.Errors, checkZones(cluster)...)
	f.Errors = append(f.Errors, securityGroupRule.Check(path.Child("securityGroup"), p.SecurityGroup)...)
	if strings.HasPrefix(p.SecurityGroup, "sg-") {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("securityGroup"), p.SecurityGroup, "begins with sg-, as AWS's ids do", "choose another name"))
	}
	f.Errors = append(f.Errors, address.CheckOutbound(path.Child("outbound"), p.Outbound)...)
	prefixes := p.validateBrokers(&f, path.Child("brokerSubnets"), cluster)
	if p.Existing() {
		p.validateExisting(&f, path)
	} else {
		p.validateNew(&f, path, prefixes)
	}
	if p.Bastion != nil {
		p.Bastion.validate(&f, path.Child("bastion"))
	}
	address.CheckClients(&f, path.Child("clients"), p.Clients)
	f.Errors = append(f.Errors, address.CheckNodes(cluster, "AWS", func(n kafka.Node) (netip.Prefix, string) {
		prefix, _ := p.Prefix(n)
		return prefix.Masked(), "the subnet of " + n.Zone
	})...)
	return f
}

// validateBrokers checks that every zone has one subnet, and returns their ranges.
func (p NetworkPlan) validateBrokers(f *kafka.Findings, path *field.Path, cluster kafka.Spec) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(p.Brokers))
	first := map[string]bool{}
	for i, s := range p.Brokers {
		at := path.Index(i)
		prefixes[i] = subnetCIDR(f, at.Child("cidr"), s.CIDR)
		switch {
		case s.Zone == "":
			f.Errors = append(f.Errors, kafka.Missing(at.Child("zone"), "a subnet lies in one availability zone", "give the zone's id, like usw2-az1"))
		case !zoneID.MatchString(s.Zone):
			f.Errors = append(f.Errors, kafka.Invalid(at.Child("zone"), s.Zone, "is not the id of an availability zone", "write one like usw2-az1"))
		case first[s.Zone]:
			f.Errors = append(f.Errors, kafka.Invalid(at.Child("zone"), s.Zone, "has a subnet already", "give each zone one subnet"))
		}
		first[s.Zone] = true
	}
	for _, zone := range zonesOf(cluster) {
		if _, found := p.subnetOf(zone); !found && zoneID.MatchString(zone) {
			f.Errors = append(f.Errors, kafka.Missing(path, "zone "+zone+" has no subnet for its brokers", "list one subnet for each zone of the cluster"))
		}
	}
	return prefixes
}

func (p NetworkPlan) validateExisting(f *kafka.Findings, path *field.Path) {
	for i, s := range p.Brokers {
		at := path.Child("brokerSubnets").Index(i)
		switch {
		case s.ID == "":
			f.Errors = append(f.Errors, kafka.Missing(at.Child("id"), "another subnet has an id, so all are your own", "give this one's id too"))
		case !subnetIDPattern.MatchString(s.ID):
			f.Errors = append(f.Errors, kafka.Invalid(at.Child("id"), s.ID, "is not the id of a subnet", "write one like subnet-0123456789abcdef0"))
		}
		if s.Name != "" {
			f.Errors = append(f.Errors, kafka.Forbidden(at.Child("name"), "the subnet is your own, and keeps its name", "remove the name"))
		}
	}
	f.Errors = append(f.Errors, address.CheckOwn(path, []address.Made{
		{Key: "name", Given: p.Name != "", What: "VPC"},
		{Key: "addressSpace", Given: p.AddressSpace != "", What: "VPC"},
		{Key: "publicSubnet", Given: p.Public != SubnetPlan{}, What: "public subnet"},
		{Key: "outbound", Given: p.Outbound == address.OutboundNATGateway, What: "NAT gateway"},
		{Key: "bastion", Given: p.Bastion != nil, What: "bastion"},
	})...)
}

func (p NetworkPlan) validateNew(f *kafka.Findings, path *field.Path, brokers []netip.Prefix) {
	f.Errors = append(f.Errors, networkRule.Check(path.Child("name"), p.Name)...)
	space := subnetCIDR(f, path.Child("addressSpace"), p.AddressSpace)
	if space.IsValid() && space.Bits() < largestNetwork {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("addressSpace"), p.AddressSpace, "is larger than AWS's largest VPC", "give it a /16 or smaller"))
	}
	var members []address.Member
	for i, s := range p.Brokers {
		at := path.Child("brokerSubnets").Index(i)
		f.Errors = append(f.Errors, subnetRule.Check(at.Child("name"), s.Name)...)
		members = append(members, address.Member{Path: at.Child("cidr"), Prefix: brokers[i], Label: "brokerSubnets of " + s.Zone})
	}
	if p.hasPublic() {
		public := path.Child("publicSubnet")
		f.Errors = append(f.Errors, subnetRule.Check(public.Child("name"), p.Public.Name)...)
		if p.Public.ID != "" {
			f.Errors = append(f.Errors, kafka.Forbidden(public.Child("id"), "the brokers' subnets are new, so this one is too", "remove the id"))
		}
		if p.Public.Zone != "" && !zoneID.MatchString(p.Public.Zone) {
			f.Errors = append(f.Errors, kafka.Invalid(public.Child("zone"), p.Public.Zone, "is not the id of an availability zone", "write one like usw2-az1"))
		}
		members = append(members, address.Member{Path: public.Child("cidr"), Prefix: subnetCIDR(f, public.Child("cidr"), p.Public.CIDR), Label: "publicSubnet"})
	}
	address.CheckMembers(f, "network.addressSpace", space, members)
	if p.Outbound == address.OutboundNone {
		f.Warnings = append(f.Warnings, kafka.Invalid(path.Child("outbound"), p.Outbound, "leaves a new network without a way to Systems Manager, by which brokers are configured", "make endpoints of ssm, ssmmessages and ec2messages in it before the brokers, or choose "+address.OutboundNATGateway))
	}
}

// hasPublic says whether there is anything to put into a public subnet.
func (p NetworkPlan) hasPublic() bool {
	return p.Outbound == address.OutboundNATGateway || p.Bastion != nil
}

func (b BastionPlan) validate(f *kafka.Findings, path *field.Path) {
	f.Errors = append(f.Errors, machineRule.Check(path.Child("name"), b.Name)...)
	f.Errors = append(f.Errors, checkType(path.Child("type"), b.Type)...)
	if len(b.From) == 0 {
		f.Errors = append(f.Errors, kafka.Missing(path.Child("from"), "nobody could connect to the bastion", "list the IPv4 ranges you connect from"))
	}
	for i, cidr := range b.From {
		if from := address.Range(f, path.Child("from").Index(i), cidr); from.IsValid() && from.Bits() == 0 {
			f.Errors = append(f.Errors, kafka.Invalid(path.Child("from").Index(i), cidr, "is the whole internet", "list the ranges you connect from"))
		}
	}
}

// AWS's largest VPC and smallest subnet.
const (
	largestNetwork = 16
	smallestSubnet = 28
)

// subnetCIDR parses the range of a subnet or of a network.
func subnetCIDR(f *kafka.Findings, path *field.Path, text string) netip.Prefix {
	p := address.Range(f, path, text)
	if p.IsValid() && p.Bits() > smallestSubnet {
		f.Errors = append(f.Errors, kafka.Invalid(path, text, "is smaller than AWS's smallest subnet", "give it a /28 or larger"))
	}
	return p
}
