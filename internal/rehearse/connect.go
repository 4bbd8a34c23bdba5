//go:build linux

package rehearse

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab/consumer"
	"github.com/kafkalink/kafkalink/simcloud"
)

// link is one consumer's way in, with its private endpoint.
type link struct {
	kafka.LinkOutputs
	name       string
	connection string // id
	// endpoints are its addresses by the zone that each is in; "" where it has one, in no zone.
	endpoints map[string]netip.Addr
}

// zones of the endpoint, in order.
func (l link) zones() []string { return slices.Sorted(maps.Keys(l.endpoints)) }

// zoneOf is the zone that an advertised name is in: its second part, as TiDB Cloud reads it; "" if the link has no zones.
func (l link) zoneOf(host string) string {
	if _, one := l.endpoints[""]; one {
		return ""
	}
	_, rest, _ := strings.Cut(host, ".")
	zone, _, _ := strings.Cut(rest, ".")
	return zone
}

// route is what a port of the endpoint leads to.
func (l link) route(port int) (kafka.Route, bool) {
	i := slices.IndexFunc(l.PortMap, func(r kafka.Route) bool { return r.EndpointPort == port })
	if i < 0 {
		return kafka.Route{}, false
	}
	return l.PortMap[i], true
}

// zoneAt is the zone in which a consumer comes to a port.
func (l link) zoneAt(port int) string {
	if route, ok := l.route(port); ok {
		return l.zoneOf(route.AdvertisedHost)
	}
	return l.zones()[0]
}

// connect does the consumer's part: a private endpoint for each endpoint service, and names that lead to it.
func (s *stage) connect(ctx context.Context) (string, error) {
	services := map[string]bool{}
	for _, l := range s.outputs.Links {
		services[l.Service.ID] = true
	}
	for _, service := range slices.Sorted(maps.Keys(services)) {
		account, err := s.consumerOf(service)
		if err == nil {
			err = s.connectEndpoint(service, "consumer", account)
		}
		if err != nil {
			return "", fmt.Errorf("connect a private endpoint: %w", err)
		}
	}
	if err := s.approve(services); err != nil {
		return "", err
	}
	if err := s.lab.Sync(ctx); err != nil {
		return "", err
	}
	if err := s.findEndpoints(); err != nil {
		return "", err
	}
	return s.serveNames(ctx)
}

// consumerOf is who connects to a service, by the configuration of the links that it serves.
func (s *stage) consumerOf(service string) (consumerAccount, error) {
	config := maps.Clone(s.stack.Configuration)
	links, _ := config["kafkalink:links"].([]any)
	config["kafkalink:links"] = slices.DeleteFunc(slices.Clone(links), func(item any) bool {
		link, _ := item.(map[string]any)
		name, _ := link["name"].(string)
		return s.outputs.Links[name].Service.ID != service
	})
	return s.cloud.Consumer(s.server.View(), service, config)
}

func (s *stage) connectEndpoint(service, endpoint string, account consumerAccount) error {
	return s.server.Mutate(func(world *simcloud.World) error { return s.cloud.Connect(world, service, endpoint, account) })
}

// approve accepts by hand what the stack does not approve by itself.
func (s *stage) approve(services map[string]bool) error {
	for _, connection := range s.lab.Deployed().Fabric.Connections {
		if connection.Approved {
			continue
		}
		s.say("%s is %s: approving it, as the service's owner would", connection.Name, connection.Status)
	}
	return s.server.Mutate(func(world *simcloud.World) error {
		for service := range services {
			s.cloud.Approve(world, service)
		}
		return nil
	})
}

func (s *stage) findEndpoints() error {
	s.links = nil
	for _, name := range slices.Sorted(maps.Keys(s.outputs.Links)) {
		l := link{name: name, LinkOutputs: s.outputs.Links[name], endpoints: map[string]netip.Addr{}}
		for _, connection := range s.lab.Deployed().Fabric.Connections {
			if !strings.EqualFold(connection.Service, l.Service.ID) {
				continue
			}
			l.connection = connection.ID
			for _, zone := range connection.Parts() {
				if address, ok := s.lab.Endpoint(connection.ID, zone); ok {
					l.endpoints[zone] = address
				}
			}
		}
		if len(l.endpoints) == 0 {
			return fmt.Errorf("link %q: its endpoint service %s has no private endpoint in the lab", name, l.Service.ID)
		}
		s.links = append(s.links, l)
	}
	return nil
}

// serveNames resolves what the brokers advertise as TiDB Cloud does.
func (s *stage) serveNames(ctx context.Context) (string, error) {
	names := consumer.Names{}
	for _, l := range s.links {
		l.addNames(names)
	}
	var said []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		var addresses []string
		for _, address := range names[name] {
			addresses = append(addresses, address.String())
		}
		said = append(said, fmt.Sprintf("%s is %s", name, strings.Join(addresses, " and ")))
	}
	var err error
	s.names, err = s.lab.ServeNames(ctx, names)
	return strings.Join(said, ", "), err
}

// addNames adds the names by which a consumer reaches a link: every name under its domain is the endpoint. Where that has an
// address in each zone, every name under <zone>.<domain> is that zone's, and the domain itself, to begin with, all of them.
func (l link) addNames(names consumer.Names) {
	for _, route := range l.PortMap {
		name := route.AdvertisedHost
		_, domain, ok := strings.Cut(name, ".")
		if one, in := l.endpoints[""]; in {
			if ok {
				name = "*." + domain
			}
			names[name] = []netip.Addr{one}
			continue
		}
		_, domain, ok = strings.Cut(domain, ".")
		if !ok {
			continue // no consumer could resolve it
		}
		var all []netip.Addr
		for _, zone := range l.zones() {
			names["*."+zone+"."+domain] = []netip.Addr{l.endpoints[zone]}
			all = append(all, l.endpoints[zone])
		}
		names[domain] = all
	}
}

// consumerOptions are what the consumer of a link is told, and its way there.
func (s *stage) consumerOptions(l link) consumer.Options {
	o := s.optionsOf(l)
	o.Dial, o.DNS = s.lab.Dial, s.lab.NameServer()
	return o
}

// optionsOf are what the consumer of a link is told.
func (s *stage) optionsOf(l link) consumer.Options {
	o := consumer.Options{Link: consumer.Link{Name: l.name}, Progress: func(text string) { s.say("%s", text) }}
	for _, route := range l.PortMap {
		o.Link.Brokers = append(o.Link.Brokers, consumer.Broker{
			ID: int32(route.NodeID), Host: route.AdvertisedHost, Port: route.EndpointPort,
		})
	}
	for _, port := range l.BootstrapPorts {
		if _, ok := l.route(port); ok { // a broker's own
			o.Link.Bootstrap = append(o.Link.Bootstrap, netip.AddrPortFrom(l.endpoints[l.zoneAt(port)], uint16(port)).String())
			continue
		}
		for _, zone := range l.zones() {
			o.Link.Bootstrap = append(o.Link.Bootstrap, netip.AddrPortFrom(l.endpoints[zone], uint16(port)).String())
		}
	}
	return o
}
