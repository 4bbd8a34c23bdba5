package kafka

import (
	"fmt"
	"strings"
)

// listener of one node. Every listener binds to all addresses: Google's
// passthrough load balancers deliver packets addressed to their own.
type listener struct {
	name       string
	port       int
	advertised string // host:port; "" for the controller's, which is not advertised
}

func (c *Cluster) nodeListeners(n Node) []listener {
	var all []listener
	if n.IsBroker() {
		all = append(all, listener{internalListener, c.Ports.Internal, fmt.Sprintf("%s:%d", n.Address, c.Ports.Internal)})
	}
	if n.IsController() {
		all = append(all, listener{controllerListener, c.Ports.Controller, ""})
	}
	if n.IsBroker() {
		for _, l := range c.Links {
			all = append(all, listener{l.Listener, l.ListenerPort, fmt.Sprintf("%s:%d", l.AdvertisedHost(n), l.EndpointPort(n))})
		}
	}
	return all
}

// listeners of a node as properties. A broker that is no controller still
// names the controllers' listener, to reach them by. A controller that is no
// broker must not have advertised.listeners (kafka.server.KafkaConfig, 3.7).
func (c *Cluster) listeners(n Node) []property {
	var bound, advertised []string
	protocols := []string{controllerListener + ":PLAINTEXT"}
	for _, l := range c.nodeListeners(n) {
		bound = append(bound, fmt.Sprintf("%s://0.0.0.0:%d", l.name, l.port))
		if l.advertised != "" {
			advertised = append(advertised, l.name+"://"+l.advertised)
			protocols = append(protocols, l.name+":PLAINTEXT")
		}
	}
	properties := []property{{"listeners", strings.Join(bound, ",")}}
	if n.IsBroker() {
		properties = append(properties,
			property{"advertised.listeners", strings.Join(advertised, ",")},
			property{"inter.broker.listener.name", internalListener})
	}
	return append(properties,
		property{"controller.listener.names", controllerListener},
		property{"listener.security.protocol.map", strings.Join(protocols, ",")})
}
