// Package azure reads Azure's resources as a data plane has to act on them: which packets pass, and which machines and
// disks there are. It reads what is deployed, by resource type and property, and knows of no component that made it.
package azure

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Types of resources, as Pulumi's azure-native provider calls them.
const (
	tokenVirtualNetwork     = "azure-native:network:VirtualNetwork"
	tokenSubnet             = "azure-native:network:Subnet"
	tokenSecurityRule       = "azure-native:network:SecurityRule"
	tokenNATGateway         = "azure-native:network:NatGateway"
	tokenBastionHost        = "azure-native:network:BastionHost"
	tokenNetworkInterface   = "azure-native:network:NetworkInterface"
	tokenLoadBalancer       = "azure-native:network:LoadBalancer"
	tokenPrivateLinkService = "azure-native:network:PrivateLinkService"
	tokenVirtualMachine     = "azure-native:compute:VirtualMachine"
	tokenDisk               = "azure-native:compute:Disk"
)

// platform is Azure's address for what it does itself on every host, health probes among it
// (learn.microsoft.com, "What is IP address 168.63.129.16?").
var platform = netip.MustParseAddr("168.63.129.16")

// Read says what the resources of a cloud do. What refers to nothing has no effect. Whatever it cannot express is left
// out, and said in Unmodelled: nothing is passed over in silence, except what the package lab's README lists.
func Read(view simcloud.View) fabric.Deployment {
	r := newReader(view)
	r.SayLimits(limits, func(kind string, of *simcloud.Resource) string { return called(kind, of.ID) })
	interfaces := r.interfaces()
	services, connections := r.services()
	disks := r.disks()
	return fabric.Deployment{
		Fabric: fabric.Fabric{
			Interfaces: interfaces, Rules: r.rules(interfaces), Services: services, Connections: connections, Prober: platform,
		},
		Machines:   r.machines(disks),
		Disks:      disks,
		Unmodelled: r.Unmodelled,
	}
}

// reader reads one view, and collects what it cannot express.
type reader struct {
	reading.Reader
}

func newReader(view simcloud.View) *reader { return &reader{Reader: reading.Reader{View: view}} }

// part finds an item of a list in a resource by its id, like a load balancer's frontend.
func (r *reader) part(of *simcloud.Resource, list, id string) (simcloud.Properties, bool) {
	for _, item := range of.Properties.Objects(list) {
		if r.Same(of.ID+"/"+list+"/"+item.Text("name"), id) {
			return item, true
		}
	}
	return nil, false
}

// ownerOf is the id of the resource that the id of a part, RESOURCE/list/name, lies in.
func ownerOf(part string) string {
	names := strings.Split(part, "/")
	return strings.Join(names[:max(len(names)-2, 0)], "/")
}

// nameOf is a resource's or a part's name.
func nameOf(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// called names a resource for people: load balancer "kafka-lb".
func called(kind, id string) string { return fmt.Sprintf("%s %q", kind, nameOf(id)) }
