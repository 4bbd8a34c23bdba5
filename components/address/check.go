package address

import (
	"net/netip"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Range parses an IPv4 CIDR whose host bits are zero, as clouds want it. It is invalid when a problem was found.
func Range(f *kafka.Findings, path *field.Path, text string) netip.Prefix {
	if text == "" {
		f.Errors = append(f.Errors, kafka.Missing(path, "an IPv4 range is needed", "write one like 10.0.0.0/24"))
		return netip.Prefix{}
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		f.Errors = append(f.Errors, kafka.Invalid(path, text, "is not an IPv4 range", "write it like 10.0.0.0/24"))
		return netip.Prefix{}
	}
	if p.Masked() != p {
		f.Errors = append(f.Errors, kafka.Invalid(path, text, "has host bits set", "write "+p.Masked().String()))
	}
	return p.Masked()
}

// CheckClients reports ranges of clients that are none, or that are open to the internet.
func CheckClients(f *kafka.Findings, path *field.Path, clients []string) {
	for i, cidr := range clients {
		if client := Range(f, path.Index(i), cidr); client.IsValid() && !Private(client) {
			f.Errors = append(f.Errors, kafka.Invalid(path.Index(i), cidr, "is open to the internet: only private ranges are admitted", "name the networks your applications are in, inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"))
		}
	}
}

// Member is a subnet that is to lie in a network, or an invalid one, of which all is said.
type Member struct {
	Path   *field.Path
	Prefix netip.Prefix
	// Label is the subnet in a message about another.
	Label string
}

// CheckMembers reports subnets outside their network's space, which key names, and subnets that overlap.
func CheckMembers(f *kafka.Findings, key string, space netip.Prefix, members []Member) {
	for i, m := range members {
		if !m.Prefix.IsValid() {
			continue
		}
		if space.IsValid() && !Contains(space, m.Prefix) {
			f.Errors = append(f.Errors, kafka.Invalid(m.Path, m.Prefix.String(), "lies outside the network's address space "+space.String(), "choose a subnet inside it, or widen "+key))
		}
		for _, rival := range members[:i] {
			if rival.Prefix.IsValid() && rival.Prefix.Overlaps(m.Prefix) {
				f.Errors = append(f.Errors, kafka.Invalid(m.Path, m.Prefix.String(), "overlaps "+rival.Label+" ("+rival.Prefix.String()+")", "choose ranges that do not meet"))
			}
		}
	}
}

// Made is a setting of what is made in a new network alone.
type Made struct {
	Key   string
	Given bool
	// What it is.
	What string
}

// CheckOwn refuses such settings where the subnets are the user's own.
func CheckOwn(path *field.Path, settings []Made) (errs field.ErrorList) {
	for _, s := range settings {
		if s.Given {
			errs = append(errs, kafka.Forbidden(path.Child(s.Key), "the subnets are your own, so no "+s.What+" is made", "remove it"))
		}
	}
	return errs
}

// CheckNodes compares the addresses that nodes ask for with the subnets they are to be in. subnet gives a node's, with the
// name by which the user knows it; an invalid one is not judged.
func CheckNodes(cluster kafka.Spec, cloud string, subnet func(kafka.Node) (netip.Prefix, string)) (errs field.ErrorList) {
	for i, n := range cluster.Nodes {
		a, err := netip.ParseAddr(n.Address)
		prefix, label := subnet(n)
		if err != nil || !prefix.IsValid() {
			continue // said elsewhere
		}
		path := field.NewPath("cluster", "nodes").Index(i).Child("address")
		switch {
		case !prefix.Contains(a):
			errs = append(errs, kafka.Invalid(path, n.Address, "lies outside "+label+" ("+prefix.String()+")", "choose an address inside it"))
		case reserved(prefix, a):
			errs = append(errs, kafka.Invalid(path, n.Address, "is one of the five addresses "+cloud+" reserves in "+prefix.String(), "choose another, or leave the address out"))
		}
	}
	return errs
}
