package azure

import (
	"net/netip"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/reading"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/azure"
)

// services are the private link services, and the connections to them. A service that has lost its frontend or its
// addresses stays, as its consumers' endpoints do: packets find out.
func (r *reader) services() ([]fabric.Service, []fabric.Connection) {
	var services []fabric.Service
	var connections []fabric.Connection
	for _, service := range r.List(tokenPrivateLinkService) {
		services = append(services, r.service(service))
		connections = append(connections, r.connections(service)...)
	}
	return services, connections
}

func (r *reader) service(service *simcloud.Resource) fabric.Service {
	name := called("private link service", service.ID)
	sources := sourcesOf(service)
	if len(sources) == 0 {
		r.Say("%s: it has no IPv4 address to translate to", name)
	}
	return fabric.Service{ID: service.ID, Name: name, Frontend: r.frontendOf(name, service), Sources: sources, Idle: fabric.Idle{After: privateLinkIdle}}
}

// frontendOf is the address that a service leads to; it is invalid if there is none.
func (r *reader) frontendOf(name string, service *simcloud.Resource) netip.Addr {
	frontends := service.Properties.Objects("loadBalancerFrontendIpConfigurations")
	if len(frontends) == 0 {
		r.Say("%s: it has no load balancer frontend", name)
		return netip.Addr{}
	}
	if len(frontends) > 1 {
		r.Say("%s: of its %d load balancer frontends only the first is used", name, len(frontends))
	}
	id := frontends[0].Text("id")
	balancer, ok := r.Find(ownerOf(id), tokenLoadBalancer)
	if !ok {
		r.Say("%s: frontend %q does not exist, it leads nowhere", name, nameOf(id))
		return netip.Addr{}
	}
	address, err := r.frontend(balancer, id)
	if err != nil {
		r.Say("%s: %v, it leads nowhere", name, err)
	}
	return address
}

// sourcesOf are the addresses that a service's consumers appear as.
func sourcesOf(service *simcloud.Resource) []netip.Addr {
	var sources []netip.Addr
	for _, c := range service.Properties.Objects("ipConfigurations") {
		if address, ok := reading.Address(c, "privateIPAddress"); ok {
			sources = append(sources, address)
		}
	}
	return sources
}

func (r *reader) connections(service *simcloud.Resource) []fabric.Connection {
	var connections []fabric.Connection
	for _, c := range cloud.Connections(r, service.ID) {
		name := c.Name
		if c.Endpoint != "" {
			name = nameOf(c.Endpoint)
		}
		connections = append(connections, fabric.Connection{
			ID: c.ID, Name: called("private endpoint", name), Service: service.ID,
			Approved: strings.EqualFold(c.State, cloud.Approved), Status: c.State,
		})
	}
	return connections
}
