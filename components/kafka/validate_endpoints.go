package kafka

import "fmt"

// portRange is the endpoint ports of all brokers of a link, gaps included: a
// broker may come into a gap later.
type portRange struct{ first, last int }

func (r portRange) String() string {
	if r.first == r.last {
		return fmt.Sprint(r.first)
	}
	return fmt.Sprintf("%d-%d", r.first, r.last)
}

func (r portRange) has(port int) bool         { return r.first <= port && port <= r.last }
func (r portRange) overlaps(s portRange) bool { return r.first <= s.last && s.first <= r.last }

// checkEndpoints: what arrives at one endpoint on one port goes to one
// listener of one broker. Links with endpoints of their own cannot collide.
func (d *draft) checkEndpoints() {
	lowest, highest := d.brokerIDs()
	if lowest == 0 {
		return
	}
	ranges := map[int]portRange{}
	for i, l := range d.links {
		if d.checkPortBase(i, highest) {
			ranges[i] = portRange{l.PortBase + lowest, l.PortBase + highest}
		}
	}
	for i := range d.links {
		for j := range i {
			d.checkOverlap(i, j, lowest, ranges)
		}
		d.checkBootstrapPort(i, ranges)
	}
}

// shareEndpoint tells whether two links mean to share an endpoint. Those that
// share one only because they lack a name, or have the same, are reported for
// that.
func (d *draft) shareEndpoint(i, j int) bool {
	a, b := d.links[i], d.links[j]
	if i != j && a.Name == b.Name && a.Endpoint == a.Name {
		return false
	}
	return a.Endpoint == b.Endpoint
}

// brokerIDs are the lowest and the highest valid node id of brokers, or 0.
func (d *draft) brokerIDs() (lowest, highest int) {
	for _, n := range d.brokers() { // by id
		if n.ID < 1 || n.ID > MaxNodeID {
			continue
		}
		if lowest == 0 {
			lowest = n.ID
		}
		highest = n.ID
	}
	return lowest, highest
}

func (d *draft) checkPortBase(i, highestID int) bool {
	base, path := d.links[i].PortBase, linkPath(i).Child("portBase")
	if base < 1 || base > maxPort {
		d.invalid(path, base, fmt.Sprintf("ports are from 1 to %d", maxPort), fmt.Sprintf("leave it out for %d", DefaultPortBase))
		return false
	}
	if last := base + highestID; last > maxPort {
		d.invalid(path, base, fmt.Sprintf("gives broker %d the endpoint port %d, above %d", highestID, last, maxPort),
			fmt.Sprintf("set it to %d or less", maxPort-highestID))
		return false
	}
	return true
}

func (d *draft) checkOverlap(i, j, lowestID int, ranges map[int]portRange) {
	mine, ok := ranges[i]
	theirs, okTheirs := ranges[j]
	if !ok || !okTheirs || !d.shareEndpoint(i, j) || !mine.overlaps(theirs) {
		return
	}
	d.invalid(linkPath(i).Child("portBase"), d.links[i].PortBase,
		fmt.Sprintf("overlaps links[%d] (%s) on endpoint %q", j, theirs, d.links[i].Endpoint),
		fmt.Sprintf("set it to %d or more, or give the link an endpoint of its own", theirs.last-lowestID+1))
}

func (d *draft) checkBootstrapPort(i int, ranges map[int]portRange) {
	l, path := d.links[i], linkPath(i).Child("bootstrapPort")
	if l.BootstrapPort == 0 {
		return
	}
	if l.BootstrapPort < 1 || l.BootstrapPort > maxPort {
		d.invalid(path, l.BootstrapPort, fmt.Sprintf("ports are from 1 to %d", maxPort),
			"leave it out to bootstrap on the brokers' own endpoint ports")
		return
	}
	for j, other := range d.links {
		if !d.shareEndpoint(i, j) {
			continue
		}
		if r, ok := ranges[j]; ok && r.has(l.BootstrapPort) {
			d.invalid(path, l.BootstrapPort, fmt.Sprintf("lies in the broker ports of links[%d] (%s) on endpoint %q", j, r, l.Endpoint),
				"set a port outside of them")
		}
		if j < i && other.BootstrapPort == l.BootstrapPort {
			d.invalid(path, l.BootstrapPort, fmt.Sprintf("is also links[%d].bootstrapPort on endpoint %q", j, l.Endpoint),
				"give every link a bootstrap port of its own")
		}
	}
}
