package aws

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

// routeTargets are what a route may lead to.
var routeTargets = []string{
	"carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "localGatewayId", "natGatewayId",
	"networkInterfaceId", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId",
}

// egress is an interface's way out: the route of its subnet to everywhere, through an internet gateway for those that have
// a public address, or through a NAT gateway, which must have such a way out itself.
func (r *reader) egress(p place) fabric.Egress {
	gateway, ok := r.defaultRoute(p.subnet)
	if !ok {
		return fabric.Egress{}
	}
	switch gateway.Type {
	case tokenInternetGateway:
		address, public := r.publicAddress(p)
		if !public || !attached(gateway, p.subnet) {
			return fabric.Egress{}
		}
		r.Say("%s: nothing from the internet reaches its public address %s", p.name, address)
		return fabric.Egress{Through: called("internet gateway", gateway), Address: address}
	case tokenNatGateway:
		return r.natGateway(gateway)
	}
	return fabric.Egress{}
}

// natGateway is no way out where it is private, has no address, or lies in a subnet without an internet gateway.
func (r *reader) natGateway(nat *simcloud.Resource) fabric.Egress {
	if nat.Properties.Text("connectivityType") == "private" {
		return fabric.Egress{}
	}
	subnet, ok := r.Refer(called("NAT gateway", nat), nat.Properties.Text("subnetId"), tokenSubnet)
	if !ok {
		return fabric.Egress{}
	}
	if gateway, ok := r.defaultRoute(subnet); !ok || gateway.Type != tokenInternetGateway || !attached(gateway, subnet) {
		return fabric.Egress{}
	}
	elastic, ok := r.Refer(called("NAT gateway", nat), nat.Properties.Text("allocationId"), tokenEip)
	if !ok {
		return fabric.Egress{}
	}
	address, ok := reading.Address(elastic.Computed, "publicIp")
	if !ok {
		return fabric.Egress{}
	}
	return fabric.Egress{Through: called("NAT gateway", nat), Address: address}
}

func attached(gateway, subnet *simcloud.Resource) bool {
	return gateway.Properties.Text("vpcId") == subnet.Properties.Text("vpcId")
}

// defaultRoute is what a subnet's route table sends to for everywhere: the table that is associated with it, or else its
// VPC's main one.
func (r *reader) defaultRoute(subnet *simcloud.Resource) (*simcloud.Resource, bool) {
	table := ""
	if network, ok := r.Find(subnet.Properties.Text("vpcId"), tokenVpc); ok {
		table = network.Computed.Text("mainRouteTableId")
	}
	for _, association := range r.List(tokenRouteTableAssociation) {
		if association.Properties.Text("subnetId") == subnet.ID {
			table = association.Properties.Text("routeTableId")
		}
	}
	found, ok := r.Refer(called("subnet", subnet), table, tokenRouteTable)
	if !ok {
		return nil, false
	}
	target := ""
	visit := func(destination string, route simcloud.Properties) {
		if destination != everything.String() {
			r.Say("%s: its route to %s is left out", called("route table", found), destination)
			return
		}
		for _, name := range routeTargets {
			if id := route.Text(name); id != "" {
				target = id
			}
		}
	}
	for _, route := range found.Properties.Objects("routes") {
		visit(route.Text("cidrBlock"), route)
	}
	for _, route := range r.childrenOf(found.ID, tokenRoute) {
		visit(route.Properties.Text("destinationCidrBlock"), route.Properties)
	}
	gateway, ok := r.Get(target)
	if target != "" && (!ok || gateway.Type != tokenInternetGateway && gateway.Type != tokenNatGateway) {
		r.Say("%s: its route to %s leads to %s, which is no gateway that is modelled: it is no way out", called("route table", found), everything, target)
	}
	return gateway, ok
}

// publicAddress is an elastic address, or one that came with the launch.
func (r *reader) publicAddress(p place) (netip.Addr, bool) {
	for _, elastic := range r.List(tokenEip) {
		holder := elastic.Properties.Text("instance") + elastic.Properties.Text("networkInterface")
		if holder != "" && (holder == p.owner.ID || p.machine != nil && holder == p.machine.ID) {
			return reading.Address(elastic.Computed, "publicIp")
		}
	}
	return reading.Address(p.owner.Computed, "publicIp")
}
