package azure

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

func (r *reader) interfaces() []fabric.Interface {
	var interfaces []fabric.Interface
	holders := map[netip.Addr]string{}
	for _, nic := range r.List(tokenNetworkInterface) {
		if read, ok := r.networkInterface(nic); ok && r.Apart(holders, read.Name, read.Address) {
			interfaces = append(interfaces, read)
		}
	}
	return interfaces
}

func (r *reader) networkInterface(nic *simcloud.Resource) (fabric.Interface, bool) {
	read := fabric.Interface{ID: nic.ID, Name: called("network interface", nic.ID)}
	configuration := r.primaryConfiguration(nic)
	var ok bool
	if read.Address, ok = reading.Address(configuration, "privateIPAddress"); !ok {
		r.Say("%s has no IPv4 address: it is left out", read.Name)
		return read, false
	}
	subnet, ok := r.Find(configuration.Text("subnet.id"), tokenSubnet)
	if !ok {
		r.Say("%s is in no subnet: it is left out", read.Name)
		return read, false
	}
	network, ok := r.Find(subnet.Parent, tokenVirtualNetwork)
	if !ok {
		r.Say("%s is in no virtual network: it is left out", read.Name)
		return read, false
	}
	read.Network = network.ID
	if read.Subnet, ok = prefixAround(subnet, read.Address); !ok {
		r.Say("%s has the address %s, which is not in %s: it is left out",
			read.Name, read.Address, called("subnet", subnet.ID))
		return read, false
	}
	read.Machine = r.machineAt(nic)
	read.Inbound, read.Outbound = r.filters(nic, subnet, network)
	read.Egress = r.egress(read.Name, configuration, subnet)
	return read, true
}

// primaryConfiguration is the IP configuration that an interface is known by; it is empty if there is none. ARM makes
// the first one primary if none is said to be.
func (r *reader) primaryConfiguration(nic *simcloud.Resource) simcloud.Properties {
	configurations := nic.Properties.Objects("ipConfigurations")
	primary := -1
	for i, c := range configurations {
		if primary < 0 || c.True("primary") && !configurations[primary].True("primary") {
			primary = i
		}
	}
	for i, c := range configurations {
		if i != primary {
			r.Say("%s: its IP configuration %q is not the primary one and is left out",
				called("network interface", nic.ID), c.Text("name"))
		}
	}
	if primary < 0 {
		return nil
	}
	return configurations[primary]
}

// prefixAround is the address range of a subnet that an address is in.
func prefixAround(subnet *simcloud.Resource, address netip.Addr) (netip.Prefix, bool) {
	for _, text := range append(subnet.Properties.Texts("addressPrefixes"), subnet.Properties.Text("addressPrefix")) {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Contains(address) {
			return prefix.Masked(), true
		}
	}
	return netip.Prefix{}, false
}

// machineAt is the id of the machine that an interface is the primary one of.
func (r *reader) machineAt(nic *simcloud.Resource) string {
	for _, machine := range r.List(tokenVirtualMachine) {
		for i, reference := range interfacesOf(machine) {
			if !r.Same(reference.Text("id"), nic.ID) {
				continue
			}
			if i == 0 {
				return machine.ID
			}
			r.Say("%s: nothing answers at its %s, which is not the primary one",
				called("virtual machine", machine.ID), called("network interface", nic.ID))
		}
	}
	return ""
}

// interfacesOf are a machine's references to its interfaces, the primary one first.
func interfacesOf(machine *simcloud.Resource) []simcloud.Properties {
	references := machine.Properties.Objects("networkProfile.networkInterfaces")
	for i, reference := range references {
		if reference.True("primary") {
			references[0], references[i] = references[i], references[0]
			break
		}
	}
	return references
}
