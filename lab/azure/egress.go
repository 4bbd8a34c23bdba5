package azure

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenPublicIPAddress = "azure-native:network:PublicIPAddress"

// egress is the way out of an interface: the subnet's NAT gateway, which goes before a public address of the
// interface's own (learn.microsoft.com, "Default outbound access in Azure"). Azure's default outbound access is not
// among them: new virtual networks have none, and a Standard internal load balancer takes it away.
func (r *reader) egress(name string, configuration simcloud.Properties, subnet *simcloud.Resource) fabric.Egress {
	own, hasOwn := r.Refer(name, configuration.Text("publicIPAddress.id"), tokenPublicIPAddress)
	if hasOwn {
		r.Say("%s: nothing from the internet reaches its %s", name, called("public IP address", own.ID))
	}
	if gateway, ok := r.Refer(called("subnet", subnet.ID), subnet.Properties.Text("natGateway.id"), tokenNATGateway); ok {
		return r.natGateway(gateway)
	}
	if address, ok := publicAddress(own); hasOwn && ok {
		return fabric.Egress{Through: called("public IP address", own.ID), Address: address}
	}
	return fabric.Egress{}
}

// natGateway is no way out before it has an address, but what goes to the internet is sent to it all the same.
func (r *reader) natGateway(gateway *simcloud.Resource) fabric.Egress {
	name := called("NAT gateway", gateway.ID)
	var addresses []netip.Addr
	for _, reference := range gateway.Properties.Objects("publicIpAddresses") {
		public, ok := r.Refer(name, reference.Text("id"), tokenPublicIPAddress)
		if !ok {
			continue
		}
		if address, ok := publicAddress(public); ok {
			addresses = append(addresses, address)
		}
	}
	if len(addresses) == 0 {
		return fabric.Egress{}
	}
	if len(addresses) > 1 {
		r.Say("%s: of its %d public addresses only %s is used", name, len(addresses), addresses[0])
	}
	return fabric.Egress{Through: name, Address: addresses[0]}
}

// publicAddress is the address that Azure assigned, if it is of IPv4.
func publicAddress(r *simcloud.Resource) (netip.Addr, bool) {
	if r == nil {
		return netip.Addr{}, false
	}
	return reading.Address(r.Computed, "ipAddress")
}
