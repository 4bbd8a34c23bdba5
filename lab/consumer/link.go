package consumer

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
)

// Link is what a consumer is told about its way to a Kafka cluster, and so what it must find.
type Link struct {
	Name string // for people, and part of the names of topics: letters, digits, "-", "_" and "."
	// Bootstrap are the addresses, as "host:port", that the consumer begins with. An address that is not a broker's
	// own may lead to any broker. None: it begins with the brokers' own.
	Bootstrap []string
	// Brokers that the link has: these and no others, each at its own address.
	Brokers []Broker
}

// Broker is one of a link's brokers, with the name and port that it must advertise.
type Broker struct {
	ID   int32
	Host string
	Port int
}

// Address of the broker as "host:port".
func (b Broker) Address() string { return net.JoinHostPort(b.Host, strconv.Itoa(b.Port)) }

// bootstrap gives the addresses that a client begins with.
func (l Link) bootstrap() []string {
	if len(l.Bootstrap) > 0 {
		return l.Bootstrap
	}
	addresses := make([]string, 0, len(l.Brokers))
	for _, b := range l.Brokers {
		addresses = append(addresses, b.Address())
	}
	return addresses
}

// broker finds a broker by its id.
func (l Link) broker(id int32) (Broker, bool) {
	i := slices.IndexFunc(l.Brokers, func(b Broker) bool { return b.ID == id })
	if i < 0 {
		return Broker{}, false
	}
	return l.Brokers[i], true
}

func (l Link) validate() error {
	var problems []error
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if !isTopicName(l.Name) {
		wrong("the link's name %q becomes part of a topic's name: use 1 to 100 letters, digits, '-', '_' and '.'", l.Name)
	}
	if len(l.Brokers) == 0 {
		wrong("link %q has no brokers: name those that the consumer must find", l.Name)
	}
	ids, addresses := map[int32]bool{}, map[string]bool{}
	for _, b := range l.Brokers {
		if b.ID < 0 || b.Host == "" || b.Port < 1 || b.Port > 65535 {
			wrong("broker %d at %q: an id of 0 or more, a host and a port of 1 to 65535 are needed", b.ID, b.Address())
		}
		if ids[b.ID] || addresses[b.Address()] {
			wrong("broker %d at %q: another broker of link %q has this id or address", b.ID, b.Address(), l.Name)
		}
		ids[b.ID], addresses[b.Address()] = true, true
	}
	for _, address := range l.Bootstrap {
		if _, _, err := net.SplitHostPort(address); err != nil {
			wrong("bootstrap address %q: want host:port: %w", address, err)
		}
	}
	return errors.Join(problems...)
}

// isTopicName keeps to Kafka's rule for names of topics, and leaves room for what is added.
func isTopicName(name string) bool {
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
		default:
			return false
		}
	}
	return name != "" && len(name) <= 100
}
