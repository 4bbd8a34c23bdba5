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
	endpoint   netip.Addr
}

// connect does the consumer's part: a private endpoint for each endpoint service, and names that lead to it.
func (s *stage) connect(ctx context.Context) (string, error) {
	services := map[string]bool{}
	for _, l := range s.outputs.Links {
		services[l.Service.ID] = true
	}
	for _, service := range slices.Sorted(maps.Keys(services)) {
		account, err := s.cloud.Consumer(s.server.View(), service)
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

func (s *stage) connectEndpoint(service, endpoint, account string) error {
	return s.server.Mutate(func(world *simcloud.World) error { return s.cloud.Connect(world, service, endpoint, account) })
}

// approve accepts by hand what the stack does not approve by itself.
func (s *stage) approve(services map[string]bool) error {
	for _, connection := range s.lab.Deployed().Fabric.Connections {
		if connection.Approved {
			continue
		}
		s.say("%s is %s: approving it, as you would in the portal", connection.Name, connection.Status)
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
		l := link{name: name, LinkOutputs: s.outputs.Links[name]}
		for _, connection := range s.lab.Deployed().Fabric.Connections {
			if strings.EqualFold(connection.Service, l.Service.ID) {
				l.connection = connection.ID
			}
		}
		var ok bool
		if l.endpoint, ok = s.lab.Endpoint(l.connection, ""); !ok {
			return fmt.Errorf("link %q: its endpoint service %s has no private endpoint in the lab", name, l.Service.ID)
		}
		s.links = append(s.links, l)
	}
	return nil
}

// serveNames resolves what the brokers advertise as TiDB Cloud does: every name under a link's domain is the endpoint.
func (s *stage) serveNames(ctx context.Context) (string, error) {
	names := map[string]netip.Addr{}
	var said []string
	for _, l := range s.links {
		for _, route := range l.PortMap {
			name := route.AdvertisedHost
			if _, domain, ok := strings.Cut(name, "."); ok {
				name = "*." + domain
			}
			if _, known := names[name]; !known {
				said = append(said, fmt.Sprintf("%s is %s", name, l.endpoint))
			}
			names[name] = l.endpoint
		}
	}
	var err error
	s.names, err = s.lab.ServeNames(ctx, names)
	return strings.Join(said, ", "), err
}

// consumerOptions are what the consumer of a link is told, and its way there.
func (s *stage) consumerOptions(l link) consumer.Options {
	o := consumer.Options{
		Link: consumer.Link{Name: l.name}, Dial: s.lab.Dial, DNS: s.lab.NameServer(),
		Progress: func(text string) { s.say("%s", text) },
	}
	for _, route := range l.PortMap {
		o.Link.Brokers = append(o.Link.Brokers, consumer.Broker{
			ID: int32(route.NodeID), Host: route.AdvertisedHost, Port: route.EndpointPort,
		})
	}
	for _, port := range l.BootstrapPorts {
		o.Link.Bootstrap = append(o.Link.Bootstrap, netip.AddrPortFrom(l.endpoint, uint16(port)).String())
	}
	return o
}
