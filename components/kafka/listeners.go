package kafka

import (
	"fmt"
	"net/netip"
	"strings"
)

// listener of one node.
type listener struct {
	name       string
	bind       string // the address it listens on
	port       int
	advertised string // host:port; "" for the controller's, which is not advertised
}

// everywhere binds to all addresses: Google's passthrough load balancers
// deliver packets addressed to their own.
const everywhere = "0.0.0.0"

// controllerBind is the controller's own address. Bound everywhere, Kafka 3.7
// tells admin clients the machine's hostname instead, and they never get
// through to a controller that is no broker.
func controllerBind(n Node) string {
	if _, err := netip.ParseAddr(n.Address); err != nil {
		return everywhere
	}
	return n.Address
}

func (c *Cluster) nodeListeners(n Node) []listener {
	var all []listener
	if n.IsBroker() {
		all = append(all, listener{internalListener, everywhere, c.Ports.Internal, fmt.Sprintf("%s:%d", n.Address, c.Ports.Internal)})
	}
	if n.IsController() {
		all = append(all, listener{controllerListener, controllerBind(n), c.Ports.Controller, ""})
	}
	if n.IsBroker() {
		for _, l := range c.Links {
			all = append(all, listener{l.Listener, everywhere, l.ListenerPort, fmt.Sprintf("%s:%d", l.AdvertisedHost(n), l.EndpointPort(n))})
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
		bound = append(bound, fmt.Sprintf("%s://%s:%d", l.name, l.bind, l.port))
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
