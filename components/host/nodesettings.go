package host

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// nodeSettings is node.env: what the host scripts need to know about this node.
func (m Machine) nodeSettings() string {
	var f shellFile
	f.comment("What this node is. Written by kafkalink; read by the host scripts.")
	f.number("NODE_ID", m.Node.ID)
	f.set("ROLES", m.roles())
	f.set("CLUSTER_ID", m.Cluster.ID)
	f.set("VOTERS", m.Cluster.Voters())
	f.set("ADDRESS", m.Node.Address)
	f.number("CONTROLLER_PORT", m.Cluster.Ports.Controller)
	f.number("INTERNAL_PORT", m.Cluster.Ports.Internal)
	heap := ""
	if mib := m.heapMiB(); mib > 0 {
		heap = fmt.Sprint(mib)
	}
	f.comment("Empty: a quarter of the machine's memory.")
	f.set("HEAP_MIB", heap)
	f.comment("The data disk is the first of these that exists.")
	f.list("DISKS", m.Disk.Paths)
	f.comment("Other brokers, to ask about partitions.")
	f.list("PEERS", m.peers())
	f.comment("Listeners with their port and what they advertise.")
	f.list("LISTENERS", brokerListeners(m.Cluster, m.Node))
	return f.String()
}

// kernelBounds are what the kernel's settings must at least be. Reserved ports keep the kernel from giving a listener's port to
// a connection that a process of the machine opens. Linux takes those from 32768 to 60999, where the documents' own listeners
// are, and Kafka could not listen until that connection ends.
func kernelBounds(c *kafka.Cluster) string {
	ports := []int{c.Ports.Controller, c.Ports.Internal}
	for _, link := range c.Links {
		ports = append(ports, link.ListenerPort)
	}
	slices.Sort(ports)
	texts := make([]string, len(ports))
	for i, port := range ports {
		texts[i] = strconv.Itoa(port)
	}
	return embeddedFile("files/kernel.bounds") + "# Listeners' ports, which no outgoing connection takes.\n" +
		"net.ipv4.ip_local_reserved_ports besides " + strings.Join(texts, ",") + "\n"
}

// knownBrokers bounds the brokers a host knows, so that a broker that is added to a cluster changes the
// configuration of none of the others.
const knownBrokers = 3

// peers are the INTERNAL listeners of the first brokers, but this one.
func (m Machine) peers() []string {
	brokers := m.Cluster.Brokers()
	var peers []string
	for _, n := range brokers[:min(knownBrokers, len(brokers))] {
		if n.ID != m.Node.ID {
			peers = append(peers, fmt.Sprintf("%s:%d", n.Address, m.Cluster.Ports.Internal))
		}
	}
	return peers
}

// brokerListeners is "NAME PORT ADVERTISED:PORT" for every listener of a broker that clients use.
func brokerListeners(c *kafka.Cluster, n kafka.Node) []string {
	if !n.IsBroker() {
		return nil
	}
	listeners := []string{fmt.Sprintf("INTERNAL %d %s:%d", c.Ports.Internal, n.Address, c.Ports.Internal)}
	for _, link := range c.Links {
		route := link.Route(n)
		listeners = append(listeners, fmt.Sprintf("%s %d %s:%d",
			route.Listener, route.ListenerPort, route.AdvertisedHost, route.EndpointPort))
	}
	return listeners
}
