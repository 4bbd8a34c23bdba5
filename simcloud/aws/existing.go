package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

// Existing is what is in AWS before a program comes: images, key pairs, and other people's networks.
type Existing struct {
	Account  Account
	Region   string // empty: DefaultRegion
	Images   []Image
	KeyPairs []string // names
	Subnets  []ExistingSubnet
	// Volumes and Interfaces are nobody's: no machine has them. Documents are names of Systems Manager's.
	Volumes    []ExistingVolume
	Interfaces []ExistingInterface
	Documents  []string
}

// ExistingVolume is a volume of EBS that is attached to nothing.
type ExistingVolume struct {
	ID     string // "vol-…"
	ZoneID string
	Tags   map[string]string
}

// ExistingInterface is a network interface in one of the subnets.
type ExistingInterface struct {
	ID      string // "eni-…"
	Subnet  string
	Address string
	Tags    map[string]string
}

// ExistingSubnet is a subnet of a VPC; VPCs that do not exist are made.
type ExistingSubnet struct {
	ID     string // "subnet-…"
	Vpc    string // "vpc-…"
	CIDR   string
	ZoneID string
	// WayOut gives it a route to a NAT gateway, which lies in a public subnet of its own at the end of the VPC's range.
	WayOut bool
}

// Put makes them. It asks no rule; a VPC's range is the /16 around its subnets.
func (e Existing) Put(world *simcloud.World) error {
	if e.Region == "" {
		e.Region = DefaultRegion
	}
	if e.Account.ID == "" {
		e.Account.ID = DefaultAccount
	}
	for _, image := range e.Images {
		if err := putImage(world, e.Region, image); err != nil {
			return err
		}
	}
	for _, name := range e.KeyPairs {
		e.put(world, tokenKeyPair, keyPairSpace+name, "", simcloud.Properties{"keyName": name}, simcloud.Properties{"keyPairId": idFor("key", name)})
	}
	for _, subnet := range e.Subnets {
		if err := e.putSubnet(world, subnet); err != nil {
			return err
		}
	}
	return e.putUnattached(world)
}

// putUnattached makes what can be left over in an account: volumes, interfaces and documents.
func (e Existing) putUnattached(world *simcloud.World) error {
	for _, volume := range e.Volumes {
		zone, err := e.zone(volume.ZoneID)
		if err != nil {
			return err
		}
		e.put(world, tokenVolume, volume.ID, "", simcloud.Properties{
			"availabilityZone": zone.Name, "size": 100.0, "type": "gp3", "encrypted": true, "tags": tagsOf(volume.Tags),
		}, nil)
	}
	for _, i := range e.Interfaces {
		e.put(world, tokenNetworkInterface, i.ID, "", simcloud.Properties{"subnetId": i.Subnet, "tags": tagsOf(i.Tags), "interfaceType": "interface"},
			simcloud.Properties{"privateIp": i.Address, "privateIps": []any{i.Address}, holds: []any{held(i.Subnet, i.Address)}})
	}
	for _, name := range e.Documents {
		e.put(world, tokenDocument, documentSpace+name, "", simcloud.Properties{
			"name": name, "documentType": "Command", "documentFormat": "JSON",
			"content": `{"schemaVersion": "2.2", "description": "another's", "mainSteps": []}`,
		}, nil)
	}
	return nil
}

func tagsOf(tags map[string]string) map[string]any {
	values := map[string]any{}
	for name, value := range tags {
		values[name] = value
	}
	return values
}

func (e Existing) zone(id string) (Zone, error) {
	zones := e.Account.ZonesOf(e.Region)
	at := slices.IndexFunc(zones, func(zone Zone) bool { return zone.ID == id })
	if at < 0 {
		return Zone{}, refuse("InvalidZone.NotFound", "The zone '%s' does not exist.", id)
	}
	return zones[at], nil
}

// idFor makes up the id of what comes with something.
func idFor(prefix, of string) string { return prefix + "-" + identifiers.Digest(prefix + of)[:17] }

func (e Existing) put(world *simcloud.World, token, id, parent string, properties, computed simcloud.Properties) {
	if computed == nil {
		computed = simcloud.Properties{}
	}
	computed[madeIn], computed["ownerId"] = e.Region, e.Account.ID
	world.Put(&simcloud.Resource{ID: id, Type: token, Parent: parent, Properties: properties, Computed: computed})
}

func (e Existing) putSubnet(world *simcloud.World, subnet ExistingSubnet) error {
	prefix, err := canonical(subnet.CIDR)
	if err != nil {
		return err
	}
	zone, err := e.zone(subnet.ZoneID)
	if err != nil {
		return err
	}
	e.putVpc(world, subnet.Vpc, prefix)
	e.put(world, tokenSubnet, subnet.ID, "", simcloud.Properties{"vpcId": subnet.Vpc, "cidrBlock": subnet.CIDR},
		simcloud.Properties{"availabilityZone": zone.Name, "availabilityZoneId": zone.ID})
	if subnet.WayOut {
		e.putWayOut(world, subnet, zone)
	}
	return nil
}

// putVpc makes a VPC with what comes with one.
func (e Existing) putVpc(world *simcloud.World, id string, subnet netip.Prefix) {
	whole, _ := subnet.Addr().Prefix(16)
	e.put(world, tokenVpc, id, "", simcloud.Properties{"cidrBlock": whole.String(), "enableDnsSupport": true},
		simcloud.Properties{"defaultSecurityGroupId": idFor("sg", id), "mainRouteTableId": idFor("rtb", id)})
	everything := []any{map[string]any{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "cidrBlocks": []any{anywhere.String()}}}
	e.put(world, tokenSecurityGroup, idFor("sg", id), id, simcloud.Properties{"name": "default", "vpcId": id, "egress": everything}, simcloud.Properties{byDefault: true})
	e.put(world, tokenRouteTable, idFor("rtb", id), id, simcloud.Properties{"vpcId": id}, simcloud.Properties{byDefault: true})
}

// putWayOut makes an internet gateway, a public subnet with a NAT gateway, and a route to that.
func (e Existing) putWayOut(world *simcloud.World, subnet ExistingSubnet, zone Zone) {
	network, _ := world.Get(subnet.Vpc)
	whole := cidrOf(network)
	bytes := whole.Addr().As4()
	public := netip.PrefixFrom(netip.AddrFrom4([4]byte{bytes[0], bytes[1], 255, 240}), 28)
	gateway, front, table, nat := idFor("igw", subnet.Vpc), idFor("subnet", subnet.Vpc), idFor("rtb", subnet.Vpc+"public"), idFor("nat", subnet.Vpc)
	e.put(world, tokenInternetGateway, gateway, "", simcloud.Properties{"vpcId": subnet.Vpc}, nil)
	e.put(world, tokenSubnet, front, "", simcloud.Properties{"vpcId": subnet.Vpc, "cidrBlock": public.String()},
		simcloud.Properties{"availabilityZone": zone.Name, "availabilityZoneId": zone.ID})
	e.putRoute(world, subnet.Vpc, table, front, simcloud.Properties{"cidrBlock": anywhere.String(), "gatewayId": gateway})
	address := idFor("eipalloc", subnet.Vpc)
	e.put(world, tokenEip, address, "", simcloud.Properties{"domain": "vpc"}, simcloud.Properties{"publicIp": "198.51.100.250"})
	e.put(world, tokenNatGateway, nat, "", simcloud.Properties{"subnetId": front, "allocationId": address, "connectivityType": "public"},
		simcloud.Properties{holds: []any{held(front, public.Addr().Next().Next().Next().Next().String())}})
	e.putRoute(world, subnet.Vpc, idFor("rtb", subnet.ID), subnet.ID, simcloud.Properties{"cidrBlock": anywhere.String(), "natGatewayId": nat})
}

func (e Existing) putRoute(world *simcloud.World, network, table, subnet string, route simcloud.Properties) {
	e.put(world, tokenRouteTable, table, "", simcloud.Properties{"vpcId": network, "routes": []any{map[string]any(route)}}, nil)
	e.put(world, tokenRouteTableAssociation, "rtbassoc-"+strings.TrimPrefix(table, "rtb-"), subnet, simcloud.Properties{"routeTableId": table, "subnetId": subnet}, nil)
}
