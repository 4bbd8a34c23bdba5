// Package reading is what it takes to read any cloud's resources.
package reading

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Reader reads one view, and collects what it cannot express, and what it warns of.
type Reader struct {
	simcloud.View
	// Unmodelled are resources, or properties of them, that cannot be imitated, each a sentence.
	Unmodelled []string
	// Hazards are what the cloud accepts and punishes later, each a sentence.
	Hazards []string
}

// Say notes a sentence, once.
func (r *Reader) Say(format string, arguments ...any) {
	if sentence := fmt.Sprintf(format, arguments...); !slices.Contains(r.Unmodelled, sentence) {
		r.Unmodelled = append(r.Unmodelled, sentence)
	}
}

// Warn notes a hazard of the resource that is called owner.
func (r *Reader) Warn(owner, format string, arguments ...any) {
	r.Hazards = append(r.Hazards, owner+": "+fmt.Sprintf(format, arguments...))
}

// Refer finds what an owner's id names, of a type. An id that names nothing is said: clouds refuse to let one come about.
func (r *Reader) Refer(owner, id, token string) (*simcloud.Resource, bool) {
	found, ok := r.Find(id, token)
	if id != "" && !ok {
		r.Say("%s refers to %s, which does not exist: the reference has no effect", owner, id)
	}
	return found, ok
}

// Find finds what an id names, of a type.
func (r *Reader) Find(id, token string) (*simcloud.Resource, bool) {
	return simcloud.GetOf(r, token, id)
}

// Everything is all of IPv4.
var Everything = netip.MustParsePrefix("0.0.0.0/0")

// Prefix reads an address of a rule, or a range. Of what is neither it is said what it is: "no range of addresses".
func (r *Reader) Prefix(rule, text, neither string) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(text)
	if address, notAddress := netip.ParseAddr(text); notAddress == nil {
		prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
	}
	switch {
	case err != nil:
		r.Say("%s: %q is %s, and matches nothing", rule, text, neither)
	case !prefix.Addr().Is4():
		r.Say("%s: %q is not of IPv4, and matches nothing", rule, text)
	default:
		return prefix.Masked(), true
	}
	return prefix, false
}

// Apart says whether an address is its holder's alone, and remembers it. Clouds give an address once in a network: who has it
// already is of another one, and what comes later is left out.
func (r *Reader) Apart(holders map[netip.Addr]string, holder string, address netip.Addr) bool {
	if other := holders[address]; other != "" {
		r.Say("%s and %s have the same address %s: the latter is left out", other, holder, address)
		return false
	}
	holders[address] = holder
	return true
}

// Limits are properties of a type, which is a kind for people, that change what happens to packets or machines in the cloud,
// and nothing in the lab. An empty path is the resource itself.
type Limits []struct{ Token, Kind, Path, What string }

// SayLimits says which of the limits are met. Called is how a resource of a kind is called, for people.
func (r *Reader) SayLimits(limits Limits, called func(kind string, r *simcloud.Resource) string) {
	for _, limit := range limits {
		for _, resource := range r.List(limit.Token) {
			if limit.Path == "" || Given(resource.Properties, limit.Path) {
				r.Say("%s: %s", called(limit.Kind, resource), limit.What)
			}
		}
	}
}

// Given says whether a property is there and says something: not false, and no empty list or object.
func Given(p simcloud.Properties, path string) bool {
	switch value := p.Get(path).(type) {
	case nil:
		return false
	case bool:
		return value
	case []any:
		return len(value) > 0
	case map[string]any:
		return len(value) > 0
	case simcloud.Properties:
		return len(value) > 0
	}
	return true
}

// Address is the IPv4 address at a path, if there is one.
func Address(p simcloud.Properties, path string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(p.Text(path))
	return address, err == nil && address.Is4()
}

// Port is a number of a property as a port to listen at or send to.
func Port(number float64) (uint16, bool) {
	port, ok := PortOrZero(number)
	return port, ok && port > 0
}

// PortOrZero is a number of a property as the end of a range of ports, which 0 may be.
func PortOrZero(number float64) (uint16, bool) {
	if number != float64(uint16(max(min(number, 65535), 0))) {
		return 0, false
	}
	return uint16(number), true
}
