package kafka

import (
	"slices"
	"strconv"
)

// Role is a value of Kafka's process.roles.
type Role string

// The two roles of KRaft; a node may have both.
const (
	RoleBroker     Role = "broker"
	RoleController Role = "controller"
)

// Node is one Kafka process on one machine.
type Node struct {
	// ID is Kafka's node.id. Endpoint ports are counted from it, so it stays
	// with the node for as long as the node lives.
	ID int `json:"id"`
	// Roles is one or both of broker and controller; after Resolve, broker
	// comes first.
	Roles []Role `json:"roles"`
	// Zone is the cloud's name for the node's failure domain; brokers announce
	// it as broker.rack.
	Zone string `json:"zone,omitempty"`
	// Address is the IPv4 address or DNS name under which other nodes reach
	// this one.
	Address string `json:"address,omitempty"`
	// Properties override the cluster's properties on this node only.
	Properties map[string]string `json:"properties,omitempty"`
}

// IsBroker tells whether the node stores data and serves clients.
func (n Node) IsBroker() bool { return slices.Contains(n.Roles, RoleBroker) }

// IsController tells whether the node is a voter of the quorum.
func (n Node) IsController() bool { return slices.Contains(n.Roles, RoleController) }

// Name is the node's name under a prefix, as "kafka-broker-1" or, for a node
// that is a controller only, "kafka-controller-101".
func (n Node) Name(prefix string) string {
	role := RoleBroker
	if !n.IsBroker() {
		role = RoleController
	}
	name := string(role) + "-" + strconv.Itoa(n.ID)
	if prefix == "" {
		return name
	}
	return prefix + "-" + name
}
