package aws

import (
	"net/netip"
	"slices"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

// services are the endpoint services, and the connections to them. A service that has lost its load balancer stays, as its
// consumers' endpoints do: packets find out.
func (r *reader) services(nodes []fabric.Node) (services []fabric.Service, connections []fabric.Connection) {
	for _, service := range r.List(tokenEndpointService) {
		services = append(services, r.service(service, nodes))
		for _, c := range cloud.Connections(r.View, service.ID) {
			read := fabric.Connection{
				ID: service.ID + "/" + c.Endpoint, Name: `private endpoint "` + c.Endpoint + `"`, Service: service.ID,
				Approved: c.State == cloud.Available, Status: c.State, Zones: slices.Sorted(slices.Values(c.ZoneIDs)),
			}
			client, err := netip.ParseAddr(c.Client)
			if err != nil || !client.Is4() {
				r.Say("%s: its client has no IPv4 address, and it is left out", read.Name)
				continue
			}
			read.Client = client
			connections = append(connections, read)
		}
	}
	return services, connections
}

// service leads each zone's part of an endpoint to the node of the same zone, by the zone's id.
func (r *reader) service(service *simcloud.Resource, nodes []fabric.Node) fabric.Service {
	read := fabric.Service{
		ID: service.ID, Name: called("endpoint service", service), Zones: map[string]netip.Addr{},
		// Whether an endpoint tells who sends later is not known: the worse is taken.
		Idle: fabric.Idle{After: defaultIdle},
	}
	for _, arn := range service.Properties.Texts("networkLoadBalancerArns") {
		balancer, ok := r.Refer(read.Name, arn, tokenLoadBalancer)
		if !ok {
			continue
		}
		for _, node := range nodes {
			if node.Balancer != balancer.Computed.Text("dnsName") {
				continue
			}
			if _, taken := read.Zones[node.Zone]; taken {
				r.Say("%s: of its load balancers in %s only the first is used", read.Name, node.Zone)
				continue
			}
			read.Zones[node.Zone] = node.Address
		}
	}
	return read
}
