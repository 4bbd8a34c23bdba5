package kafka

import "fmt"

func (d *draft) checkQuorum() {
	count, path := d.spec.Controllers.Count, controllerPath.Child("count")
	if d.listsNodes() {
		count, path = len(d.voters()), clusterPath.Child("nodes")
		if len(d.nodes) == 0 {
			return
		}
	}
	switch {
	case count == 0:
		d.report(Missing(path, "no node has the role controller", "give an odd number of nodes roles: [broker, controller] or [controller]"))
	case count < 0:
		// Reported as a count already.
	case count%2 == 0:
		d.invalid(path, count, "an even number of controllers tolerates no more failures than one fewer",
			fmt.Sprintf("use %d or %d", count-1, count+1))
	case count == 1:
		d.warn(path, count, "a single controller is a single point of failure", "use 3")
	}
	if d.listsNodes() {
		d.warnOfListedCombined()
		return
	}
	controllers := d.spec.Controllers
	if controllers.Separate {
		return
	}
	if brokers := d.spec.Brokers; brokers >= 1 && count > brokers && count <= MaxNodes {
		d.invalid(path, count, fmt.Sprintf("there are only %d brokers to be controllers too", brokers),
			"raise cluster.brokers, or set cluster.controllers.separate")
	}
	if controllers.FirstID != 0 {
		d.warn(controllerPath.Child("firstId"), controllers.FirstID, "has no effect while controllers are not separate",
			"remove it, or set cluster.controllers.separate")
	}
	d.warn(controllerPath.Child("separate"), false, combinedMode, "set it to true for controllers on nodes of their own")
}

// https://kafka.apache.org/37/documentation.html#kraft_role
const combinedMode = "Kafka does not recommend combined broker and controller nodes in critical deployments: " +
	"they cannot be restarted or scaled apart"

func (d *draft) warnOfListedCombined() {
	for _, n := range d.nodes {
		if n.IsBroker() && n.IsController() {
			d.warn(n.path.Child("roles"), n.Roles, combinedMode, "list controllers as nodes of their own")
			return
		}
	}
}
