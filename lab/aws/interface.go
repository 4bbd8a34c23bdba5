package aws

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

// place is an elastic network interface: one of its own, or the one that came with an instance.
type place struct {
	id      string
	name    string
	owner   *simcloud.Resource // the interface, or the instance
	machine *simcloud.Resource // nil: nothing is attached to it
	subnet  *simcloud.Resource
	address netip.Addr
	groups  []string
}

// findPlaces finds every interface that packets can come to.
func (r *reader) findPlaces() (places []place) {
	holders := map[netip.Addr]string{}
	add := func(p place, subnet string) {
		var ok bool
		if p.address, ok = reading.Address(p.owner.Computed, "privateIp"); !ok {
			r.Say("%s has no IPv4 address: it is left out", p.name)
			return
		}
		if p.subnet, ok = r.Find(subnet, tokenSubnet); !ok {
			r.Say("%s is in no subnet: it is left out", p.name)
			return
		}
		if prefix, ok := prefixOf(p.subnet); !ok || !prefix.Contains(p.address) {
			r.Say("%s has the address %s, which is not in %s: it is left out", p.name, p.address, called("subnet", p.subnet))
			return
		}
		if !r.Apart(holders, p.name, p.address) {
			return
		}
		if len(p.groups) == 0 {
			if network, ok := r.Find(p.subnet.Properties.Text("vpcId"), tokenVpc); ok {
				p.groups = []string{network.Computed.Text("defaultSecurityGroupId")}
			}
		}
		places = append(places, p)
	}
	for _, eni := range r.List(tokenNetworkInterface) {
		name := called("network interface", eni)
		if len(eni.Computed.Texts("privateIps")) > 1 {
			r.Say("%s: its secondary addresses are left out", name)
		}
		add(place{id: eni.ID, name: name, owner: eni, machine: r.machineAt(eni), groups: eni.Properties.Texts("securityGroups")}, eni.Properties.Text("subnetId"))
	}
	for _, instance := range r.List(tokenInstance) {
		if len(instance.Properties.Objects("networkInterfaces")) > 0 {
			continue
		}
		add(place{
			id: ownInterface(instance), name: "network interface of " + called("instance", instance), owner: instance, machine: instance,
			groups: instance.Properties.Texts("vpcSecurityGroupIds"),
		}, instance.Properties.Text("subnetId"))
	}
	return places
}

// ownInterface is the id of the interface that came with an instance which names none.
func ownInterface(instance *simcloud.Resource) string {
	if id := instance.Computed.Text("primaryNetworkInterfaceId"); id != "" {
		return id
	}
	return instance.ID + "-interface"
}

// machineAt is the instance that an interface is the primary one of.
func (r *reader) machineAt(eni *simcloud.Resource) *simcloud.Resource {
	for _, instance := range r.List(tokenInstance) {
		for _, entry := range instance.Properties.Objects("networkInterfaces") {
			if entry.Text("networkInterfaceId") != eni.ID {
				continue
			}
			if entry.Number("deviceIndex") == 0 {
				return instance
			}
			r.Say("%s: nothing answers at its %s, which is not the primary one", called("instance", instance), called("network interface", eni))
		}
	}
	return nil
}

func (r *reader) interfaces() (interfaces []fabric.Interface) {
	for _, p := range r.places {
		read := fabric.Interface{
			ID: p.id, Name: p.name, Network: p.subnet.Properties.Text("vpcId"), Address: p.address,
			Inbound: r.filters(p.groups, ingress), Outbound: r.filters(p.groups, egress), Egress: r.egress(p),
		}
		read.Subnet, _ = prefixOf(p.subnet)
		if p.machine != nil {
			read.Machine = p.machine.ID
		}
		interfaces = append(interfaces, read)
	}
	return interfaces
}
