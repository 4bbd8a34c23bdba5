package kafka

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// ErrSaidElsewhere is returned for a node that gets no address because of what
// its caller reports itself. There is no cluster then, and nothing more is said.
var ErrSaidElsewhere = errors.New("no address, for a reason that is said elsewhere")

// assignAddresses fills in the addresses that the user did not write down.
func (d *draft) assignAddresses() {
	without := map[string][]draftNode{}
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.Address != "" {
			continue
		}
		if d.address == nil {
			without[n.path.String()] = append(without[n.path.String()], *n)
			continue
		}
		address, err := d.address(n.Node)
		if errors.Is(err, ErrSaidElsewhere) {
			d.incomplete = true
			continue
		}
		if err != nil {
			d.report(noAddress(*n, err.Error()))
			continue
		}
		n.Address = address
		if address == "" {
			d.report(noAddress(*n, "none was assigned"))
		}
	}
	for _, n := range d.nodes {
		nodes := without[n.path.String()]
		delete(without, n.path.String())
		if len(nodes) > 0 {
			d.reportUnaddressed(nodes)
		}
	}
}

func (d *draft) reportUnaddressed(nodes []draftNode) {
	first := nodes[0]
	if first.listed {
		d.report(Missing(first.path.Child("address"), "other nodes need an address to reach this one",
			"set an IPv4 address or a DNS name"))
		return
	}
	ids := make([]string, len(nodes))
	for i, n := range nodes {
		ids[i] = strconv.Itoa(n.ID)
	}
	d.invalid(first.path, len(nodes), "nothing assigns addresses to nodes "+strings.Join(ids, ", "),
		"list them with their addresses under cluster.nodes")
}

// addressProblem is the rule an address breaks, or "".
func addressProblem(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		if problem := dnsNameProblem(strings.ToLower(address)); problem != "" {
			return "is neither an IPv4 address nor a DNS name: " + problem
		}
		if strings.EqualFold(address, "localhost") {
			return "names a different machine on every node"
		}
		return ""
	}
	switch {
	case !ip.Is4():
		return "is an IPv6 address, and private endpoint services carry IPv4 only"
	case ip.IsUnspecified(), ip.IsLoopback(), ip.IsLinkLocalUnicast(), ip.IsMulticast(),
		ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "cannot be reached from another machine"
	}
	return ""
}

func (d *draft) checkAddresses() {
	taken := map[string]draftNode{}
	for _, n := range d.nodes {
		if n.Address == "" {
			continue
		}
		if problem := addressProblem(n.Address); problem != "" {
			d.invalid(n.addressPath(), n.Address, problem, "set an address in the brokers' network, as 10.0.0.11")
			continue
		}
		key := strings.ToLower(n.Address)
		rival, used := taken[key]
		if used && rival.ID == n.ID {
			continue // A node id twice is reported as such.
		}
		if used {
			d.invalid(n.addressPath(), n.Address,
				fmt.Sprintf("is also the address of node %d (%s)", rival.ID, rival.addressPath()),
				"give every node an address of its own")
			continue
		}
		taken[key] = n
	}
}
