package azure

import (
	"fmt"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenNetworkInterface = "azure-native:network:NetworkInterface"

func networkInterface() armType {
	return armType{path: "Microsoft.Network/networkInterfaces/{networkInterfaceName}", names: networkNames, Kind: simcloud.Kind{
		Token:    tokenNetworkInterface,
		Duration: 4 * time.Second,
		Enums: map[string][]string{
			"ipConfigurations[].privateIPAllocationMethod": {"Static", "Dynamic"},
			"ipConfigurations[].privateIPAddressVersion":   {"IPv4", "IPv6"},
		},
		References: []simcloud.Reference{
			{Path: "networkSecurityGroup.id", To: []string{tokenSecurityGroup}},
			{Path: "ipConfigurations[].subnet.id", To: []string{tokenSubnet}},
			{Path: "ipConfigurations[].publicIPAddress.id", To: []string{tokenPublicIPAddress}},
			{Path: "ipConfigurations[].loadBalancerBackendAddressPools[].id", To: []string{tokenLoadBalancer}},
		},
		Defaults: func(p simcloud.Properties) {
			p.Default("enableAcceleratedNetworking", false)
			p.Default("enableIPForwarding", false)
		},
		Rules:       []simcloud.Rule{named("ipConfigurations"), interfacePlaced, interfaceKeepsNetwork, acceleratedWhenStopped, interfaceInPools},
		Compute:     computeInterface,
		DeleteRules: []simcloud.Rule{unused("NicInUse", "Network Interface %s is used by existing resource %s. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic."), notReserved},
		Parts:       partsIn("ipConfigurations"),
		Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
			for _, user := range view.Referrers(r.ID) {
				if user.Resource.Type == tokenVirtualMachine {
					return simcloud.Properties{"virtualMachine": map[string]any{"id": user.Resource.ID}, "primary": true}
				}
			}
			return nil
		},
	}}
}

// partsIn gives the ids of the items in lists of a resource.
func partsIn(lists ...string) func(*simcloud.Resource) []string {
	return func(r *simcloud.Resource) []string {
		var ids []string
		for _, list := range lists {
			for _, item := range r.Properties.Objects(list) {
				ids = append(ids, r.ID+"/"+list+"/"+item.Text("name"))
			}
		}
		return ids
	}
}

func interfacePlaced(t *simcloud.Transaction) error {
	configurations := t.After.Properties.Objects("ipConfigurations")
	if len(configurations) == 0 {
		return refuse(400, "NetworkInterfaceMustHaveAtleastOneIpConfiguration", "Network Interface %s must have at least one IP configuration.", t.After.ID)
	}
	network := ""
	for _, c := range configurations {
		subnet, ok := t.World.Get(c.Text("subnet.id"))
		if !ok {
			return refuse(400, "SubnetMissingInIpConfiguration", "IP configuration '%s' of network interface %s must name a subnet.", c.Text("name"), t.After.ID)
		}
		if network != "" && !t.World.Same(network, subnet.Parent) {
			return refuse(400, "SubnetsNotInSameVnet", "Subnets of network interface %s are in different virtual networks: %s and %s.", t.After.ID, network, subnet.Parent)
		}
		network = subnet.Parent
		if err := sameRegion(t, subnet); err != nil {
			return err
		}
	}
	if group, ok := t.World.Get(t.After.Properties.Text("networkSecurityGroup.id")); ok {
		return sameRegion(t, group)
	}
	return nil
}

// interfaceKeepsNetwork: an interface moves between subnets of its network, never to another network.
func interfaceKeepsNetwork(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	was := parentOf(t.Before.Properties.Objects("ipConfigurations")[0].Text("subnet.id"))
	is := parentOf(t.After.Properties.Objects("ipConfigurations")[0].Text("subnet.id"))
	if !t.World.Same(was, is) {
		return refuse(400, "CannotChangeVirtualNetworkOfNic", "Network interface %s cannot move from virtual network %s to %s.", t.After.ID, was, is)
	}
	return nil
}

// acceleratedWhenStopped: accelerated networking changes only while the machine is deallocated, which none is here
// (learn.microsoft.com, "Manage Accelerated Networking for Azure VMs").
func acceleratedWhenStopped(t *simcloud.Transaction) error {
	if !t.Changes("enableAcceleratedNetworking") {
		return nil
	}
	for _, user := range t.World.Referrers(t.After.ID) {
		if user.Resource.Type == tokenVirtualMachine {
			return refuse(409, "OperationNotAllowed", "Accelerated networking of network interface %s cannot be changed: VM %s must be deallocated.", t.After.ID, nameOf(user.Resource.ID))
		}
	}
	return nil
}

func interfaceInPools(t *simcloud.Transaction) error {
	for _, c := range t.After.Properties.Objects("ipConfigurations") {
		var pools []string
		for _, pool := range c.Objects("loadBalancerBackendAddressPools") {
			pools = append(pools, pool.Text("id"))
			balancer, ok := t.World.Resolve(pool.Text("id"))
			if !ok {
				continue
			}
			if err := sameRegion(t, balancer); err != nil {
				return err
			}
			if err := samePoolNetwork(t.World, t.After.ID, c, balancer); err != nil {
				return err
			}
		}
		if err := judgeMembership(t.World, t.After.ID+"/ipConfigurations/"+c.Text("name"), pools); err != nil {
			return err
		}
	}
	return nil
}

// samePoolNetwork: the pools of an internal load balancer take interfaces of the frontend's network.
func samePoolNetwork(view simcloud.View, nic string, configuration simcloud.Properties, balancer *simcloud.Resource) error {
	for _, frontend := range balancer.Properties.Objects("frontendIPConfigurations") {
		subnet := frontend.Text("subnet.id")
		if subnet != "" && !view.Same(parentOf(subnet), parentOf(configuration.Text("subnet.id"))) {
			return refuse(400, "NetworkInterfaceAndInternalLoadBalancerMustUseSameVnet", "Network interface %s uses internal load balancer %s of another virtual network: they must be in the same one.", nic, balancer.ID)
		}
	}
	return nil
}

// computeInterface assigns addresses. The MAC address is of Microsoft's range, as virtual machines see it.
func computeInterface(t *simcloud.Transaction) error {
	if t.Creating() {
		u := t.Unique("mac")
		t.After.Computed["macAddress"] = fmt.Sprintf("00-0D-3A-%s-%s-%s", u[:2], u[2:4], u[4:6])
	}
	onePrimary(t.After.Properties.Objects("ipConfigurations"))
	return assignAddresses(t, "ipConfigurations")
}
