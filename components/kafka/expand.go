package kafka

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// MaxNodes bounds brokers, separate controllers, and listed nodes, each. It
// keeps a slip of the keyboard from becoming a thousand machines.
const MaxNodes = 100

func (d *draft) expandNodes() {
	if d.listsNodes() {
		d.takeListedNodes()
	} else {
		d.expandCounts()
	}
	d.sortNodes()
}

func (d *draft) takeListedNodes() {
	const rule, remedy = "cannot be set together with cluster.nodes, which lists every node", "remove one of the two"
	if d.spec.Brokers != 0 {
		d.report(Forbidden(clusterPath.Child("brokers"), rule, remedy))
	}
	if len(d.spec.Zones) > 0 {
		d.report(Forbidden(clusterPath.Child("zones"), rule, remedy))
	}
	if d.spec.Controllers != (Controllers{}) {
		d.report(Forbidden(controllerPath, rule, remedy))
	}
	nodes := clusterPath.Child("nodes")
	if len(d.spec.Nodes) > MaxNodes {
		d.invalid(nodes, len(d.spec.Nodes), fmt.Sprintf("lists more than %d nodes", MaxNodes), "list fewer")
		return
	}
	for i, n := range d.spec.Nodes {
		// A broker comes first in process.roles, however the user wrote it.
		slices.Sort(n.Roles)
		d.nodes = append(d.nodes, draftNode{Node: n, path: nodes.Index(i), listed: true})
	}
}

func (d *draft) expandCounts() {
	controllers := d.spec.Controllers
	brokersPath, countPath := clusterPath.Child("brokers"), controllerPath.Child("count")
	brokersOK := d.checkCount(brokersPath, d.spec.Brokers)
	controllersOK := d.checkCount(countPath, controllers.Count)
	if brokersOK {
		for i := range d.spec.Brokers {
			n := Node{ID: i + 1, Roles: []Role{RoleBroker}, Zone: d.zoneInTurn(i)}
			if !controllers.Separate && i < controllers.Count {
				n.Roles = append(n.Roles, RoleController)
			}
			d.nodes = append(d.nodes, draftNode{Node: n, path: brokersPath})
		}
	}
	if !controllersOK || !controllers.Separate {
		return
	}
	first := controllers.FirstID
	if first < 1 || first > MaxNodeID-controllers.Count+1 {
		d.invalid(controllerPath.Child("firstId"), first,
			fmt.Sprintf("node ids are from 1 to %d", MaxNodeID), fmt.Sprintf("leave it out for %d", DefaultFirstControllerID))
		return
	}
	if brokersOK && first <= d.spec.Brokers {
		d.invalid(controllerPath.Child("firstId"), first,
			fmt.Sprintf("overlaps the brokers' node ids (1-%d)", d.spec.Brokers),
			"set it above the highest number of brokers the cluster may grow to")
		return
	}
	for i := range controllers.Count {
		n := Node{ID: first + i, Roles: []Role{RoleController}, Zone: d.zoneInTurn(i)}
		d.nodes = append(d.nodes, draftNode{Node: n, path: countPath})
	}
}

func (d *draft) checkCount(path *field.Path, count int) bool {
	if count >= 1 && count <= MaxNodes {
		return true
	}
	d.invalid(path, count, fmt.Sprintf("must be from 1 to %d", MaxNodes), "set a number in that range")
	return false
}

func (d *draft) zoneInTurn(i int) string {
	if len(d.spec.Zones) == 0 {
		return ""
	}
	return d.spec.Zones[i%len(d.spec.Zones)]
}
