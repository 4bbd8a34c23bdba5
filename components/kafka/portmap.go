package kafka

// Route is one way through an endpoint: what arrives on EndpointPort goes to
// the listener of one broker, which advertises AdvertisedHost:EndpointPort.
type Route struct {
	EndpointPort   int    `json:"endpointPort"`
	NodeID         int    `json:"nodeId"`
	Listener       string `json:"listener"`
	ListenerPort   int    `json:"listenerPort"`
	AdvertisedHost string `json:"advertisedHost"`
}

// PortMap holds one Route per broker, by node id. A wrong pair misroutes
// silently, so it is computed here and nowhere else.
type PortMap []Route

// PortMap of a link of this cluster. A broker's endpoint port depends on its
// own id alone: brokers that come or go move nobody else's port.
func (c *Cluster) PortMap(l Link) PortMap {
	routes := PortMap{}
	for _, n := range c.Brokers() {
		routes = append(routes, l.Route(n))
	}
	return routes
}

// Route is a broker's line of the link's port map.
func (l Link) Route(n Node) Route {
	return Route{
		EndpointPort:   l.EndpointPort(n),
		NodeID:         n.ID,
		Listener:       l.Listener,
		ListenerPort:   l.ListenerPort,
		AdvertisedHost: l.AdvertisedHost(n),
	}
}

// BootstrapPorts are the endpoint ports a consumer may first connect to: the
// link's shared one, or else every broker's own.
func (c *Cluster) BootstrapPorts(l Link) []int {
	if l.BootstrapPort != 0 {
		return []int{l.BootstrapPort}
	}
	ports := []int{}
	for _, r := range c.PortMap(l) {
		ports = append(ports, r.EndpointPort)
	}
	return ports
}
