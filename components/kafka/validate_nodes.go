package kafka

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// MaxNodeID is far above what is needed; endpoint ports are counted from node
// ids and end at 65535.
const MaxNodeID = 65535

// addressPath is where the user would set the node's address.
func (n draftNode) addressPath() *field.Path {
	if n.listed {
		return n.path.Child("address")
	}
	return n.path
}

func noAddress(n draftNode, why string) *field.Error {
	rule := fmt.Sprintf("node %d gets no address: %s", n.ID, oneLine(why))
	const remedy = "make room in the brokers' network, or set cluster.nodes with addresses"
	if n.listed {
		return Missing(n.addressPath(), rule, remedy)
	}
	return Invalid(n.path, n.ID, rule, remedy)
}

func (d *draft) checkNodes() {
	taken := map[int]draftNode{}
	for _, n := range d.nodes {
		if !n.listed {
			continue
		}
		d.checkRoles(n)
		id := n.path.Child("id")
		if n.ID < 1 || n.ID > MaxNodeID {
			d.invalid(id, n.ID, fmt.Sprintf("node ids are from 1 to %d", MaxNodeID), "set one that no node has had before")
			continue
		}
		if rival, used := taken[n.ID]; used {
			d.invalid(id, n.ID, fmt.Sprintf("is also %s.id", rival.path), "give every node an id of its own")
			continue
		}
		taken[n.ID] = n
	}
	if d.listsNodes() && len(d.nodes) > 0 && len(d.brokers()) == 0 {
		d.report(Missing(clusterPath.Child("nodes"), "no node has the role broker", "give at least one node roles: [broker]"))
	}
	d.checkAddresses()
}

func (d *draft) checkRoles(n draftNode) {
	path := n.path.Child("roles")
	if len(n.Roles) == 0 {
		d.report(Missing(path, "a node has at least one role", "set [broker], [controller] or [broker, controller]"))
	}
	seen := map[Role]bool{}
	for _, role := range n.Roles {
		switch {
		case role != RoleBroker && role != RoleController:
			d.invalid(path, role, "is no role of Kafka's process.roles", "use broker and controller")
		case seen[role]:
			d.invalid(path, role, "is there twice", "name each role once")
		}
		seen[role] = true
	}
}

// oneLine keeps a foreign text from breaking a finding into two.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
