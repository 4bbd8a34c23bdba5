package aws

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

// egress is an interface's way out: its subnet's exit, for those that have a public address, or through a NAT gateway, which
// must have one.
func (r *reader) egress(p place) fabric.Egress {
	exit, err := cloud.ExitOf(r, p.subnet.ID)
	if err != nil { // nobody promised it one
		return fabric.Egress{}
	}
	if exit.NAT == nil {
		address, public := r.publicAddress(p)
		if !public {
			return fabric.Egress{}
		}
		r.Say("%s: nothing from the internet reaches its public address %s", p.name, address)
		return fabric.Egress{Through: called("internet gateway", exit.Gateway), Address: address}
	}
	elastic, ok := r.Find(exit.NAT.Properties.Text("allocationId"), tokenEip)
	if !ok {
		return fabric.Egress{}
	}
	address, ok := reading.Address(elastic.Computed, "publicIp")
	if !ok {
		return fabric.Egress{}
	}
	return fabric.Egress{Through: called("NAT gateway", exit.NAT), Address: address}
}

// sayRoutes says which routes are left out or lead nowhere, and what on the ways out refers to nothing.
func (r *reader) sayRoutes() {
	for _, subnet := range r.List(tokenSubnet) {
		r.Refer(called("subnet", subnet), cloud.RouteTableOf(r, subnet.ID), tokenRouteTable)
	}
	for _, table := range r.List(tokenRouteTable) {
		for _, lead := range cloud.RoutesIn(r, table) {
			if lead.Destination != reading.Everything.String() {
				r.Say("%s: its route to %s is left out", called("route table", table), lead.Destination)
				continue
			}
			gateway, ok := r.Get(lead.To)
			if lead.To != "" && (!ok || gateway.Type != tokenInternetGateway && gateway.Type != tokenNatGateway) {
				r.Say("%s: its route to %s leads to %s, which is no gateway that is modelled: it is no way out", called("route table", table), reading.Everything, lead.To)
			}
		}
	}
	for _, nat := range r.List(tokenNatGateway) {
		if nat.Properties.Text("connectivityType") != "private" {
			r.Refer(called("NAT gateway", nat), nat.Properties.Text("subnetId"), tokenSubnet)
			r.Refer(called("NAT gateway", nat), nat.Properties.Text("allocationId"), tokenEip)
		}
	}
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
