package kafka

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Cluster is a resolved and valid cluster with its links. Nodes are ordered by
// id, links as given.
type Cluster struct {
	Name       string            `json:"name"`
	ID         string            `json:"id"`
	Version    string            `json:"version"`
	Nodes      []Node            `json:"nodes"`
	Ports      Ports             `json:"ports"`
	Properties map[string]string `json:"properties,omitempty"`
	Links      []Link            `json:"links,omitempty"`
}

// Brokers are the nodes that store data, by id.
func (c *Cluster) Brokers() []Node { return c.nodesWhere(Node.IsBroker) }

// Controllers are the voters of the quorum, by id.
func (c *Cluster) Controllers() []Node { return c.nodesWhere(Node.IsController) }

// Node finds a node by id.
func (c *Cluster) Node(id int) (Node, bool) {
	for _, n := range c.Nodes {
		if n.ID == id {
			return n, true
		}
	}
	return Node{}, false
}

// Voters is the value of controller.quorum.voters:
// "1@10.0.0.11:29092,2@10.0.0.12:29092,3@10.0.0.13:29092".
func (c *Cluster) Voters() string {
	var voters []string
	for _, n := range c.Controllers() {
		voters = append(voters, fmt.Sprintf("%d@%s:%d", n.ID, n.Address, c.Ports.Controller))
	}
	return strings.Join(voters, ",")
}

// RestartOrder is the order in which nodes are to be restarted, one at a time:
// separate controllers, combined nodes, broker-only nodes; by id within each.
// Brokers thus never run ahead of the quorum they register with.
func (c *Cluster) RestartOrder() []Node {
	rank := func(n Node) int {
		switch {
		case !n.IsBroker():
			return 0
		case n.IsController():
			return 1
		default:
			return 2
		}
	}
	order := slices.Clone(c.Nodes)
	slices.SortFunc(order, func(a, b Node) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.ID, b.ID))
	})
	return order
}

func (c *Cluster) nodesWhere(is func(Node) bool) []Node {
	var nodes []Node
	for _, n := range c.Nodes {
		if is(n) {
			nodes = append(nodes, n)
		}
	}
	return nodes
}
