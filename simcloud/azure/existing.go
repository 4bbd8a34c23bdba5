package azure

import (
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Existing is what is in Azure before a program comes: other people's resource groups and subnets.
type Existing struct {
	Location string
	Groups   []string // ids
	Subnets  []ExistingSubnet
}

// ExistingSubnet lies in a network and a group that its id names.
type ExistingSubnet struct {
	ID   string
	CIDR string
	// Services says that Private Link Services may be made in it; else machines are, which a NAT gateway lets out.
	Services bool
}

// Put makes them, and what they lie in. It asks no rule.
func (e Existing) Put(world *simcloud.World) error {
	for _, group := range e.Groups {
		e.put(world, tokenResourceGroup, group, simcloud.Properties{"resourceGroupName": nameOf(group)}, nil)
	}
	for _, subnet := range e.Subnets {
		if !strings.HasPrefix(typeOf(subnet.ID), "Microsoft.Network/virtualNetworks/subnets") {
			return fmt.Errorf("subnet %s: that is not the id of a subnet", subnet.ID)
		}
		e.putSubnet(world, subnet)
	}
	return nil
}

func (e Existing) put(world *simcloud.World, token, id string, properties, computed simcloud.Properties) {
	properties["location"] = e.Location
	world.Put(&simcloud.Resource{ID: id, Type: token, Parent: parentOf(id), Properties: properties, Computed: computed})
}

func (e Existing) putSubnet(world *simcloud.World, subnet ExistingSubnet) {
	network, group := parentOf(subnet.ID), groupOf(subnet.ID)
	e.put(world, tokenResourceGroup, group, simcloud.Properties{"resourceGroupName": nameOf(group)}, nil)
	ranges := []any{subnet.CIDR}
	if before, ok := world.Get(network); ok {
		known, _ := before.Properties.Get("addressSpace.addressPrefixes").([]any)
		ranges = append(known, subnet.CIDR)
	}
	e.put(world, tokenVirtualNetwork, network, simcloud.Properties{
		"resourceGroupName": nameOf(group), "virtualNetworkName": nameOf(network),
		"addressSpace": map[string]any{"addressPrefixes": ranges},
	}, nil)
	properties := simcloud.Properties{
		"resourceGroupName": nameOf(group), "virtualNetworkName": nameOf(network), "subnetName": nameOf(subnet.ID),
		"addressPrefix": subnet.CIDR, "privateLinkServiceNetworkPolicies": "Disabled",
	}
	if !subnet.Services {
		properties["privateLinkServiceNetworkPolicies"] = "Enabled"
		properties["natGateway"] = map[string]any{"id": e.putWayOut(world, group, nameOf(network))}
	}
	world.Put(&simcloud.Resource{ID: subnet.ID, Type: tokenSubnet, Parent: network, Properties: properties})
}

// putWayOut makes a NAT gateway with an address, both of a network's name, and gives its id.
func (e Existing) putWayOut(world *simcloud.World, group, network string) string {
	address, gateway := group+"/providers/Microsoft.Network/publicIPAddresses/"+network, group+"/providers/Microsoft.Network/natGateways/"+network
	e.put(world, tokenPublicIPAddress, address, simcloud.Properties{
		"resourceGroupName": nameOf(group), "publicIpAddressName": network, "sku": map[string]any{"name": "Standard"},
		"publicIPAllocationMethod": "Static",
	}, simcloud.Properties{"ipAddress": "203.0.113.250"})
	e.put(world, tokenNatGateway, gateway, simcloud.Properties{
		"resourceGroupName": nameOf(group), "natGatewayName": network, "sku": map[string]any{"name": "Standard"},
		"publicIpAddresses": []any{map[string]any{"id": address}},
	}, nil)
	return gateway
}
