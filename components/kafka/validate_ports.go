package kafka

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

const (
	// Kafka runs without root, which ports below 1024 need.
	minListenerPort = 1024
	maxPort         = 65535
)

// checkListenerPorts: the listeners of one broker need a port each. A separate
// controller's port is kept apart too, so that roles can move later.
func (d *draft) checkListenerPorts() {
	taken := map[int]*field.Path{}
	check := func(path *field.Path, port int) {
		if port < minListenerPort || port > maxPort {
			d.invalid(path, port, fmt.Sprintf("listeners use ports from %d to %d", minListenerPort, maxPort), "set a port in that range")
			return
		}
		if rival, used := taken[port]; used {
			d.invalid(path, port, fmt.Sprintf("is also %s", rival), "every listener of a broker needs a port of its own")
			return
		}
		taken[port] = path
	}
	ports := clusterPath.Child("ports")
	check(ports.Child("controller"), d.spec.Ports.Controller)
	check(ports.Child("internal"), d.spec.Ports.Internal)
	for i, l := range d.links {
		check(linkPath(i).Child("listenerPort"), l.ListenerPort)
	}
}
