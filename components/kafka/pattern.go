package kafka

import (
	"cmp"
	"strconv"
	"strings"
)

// Placeholders of a link's pattern.
const (
	placeholderBroker = "<broker_id>" // "b" and the node id, as TiDB Cloud writes it
	placeholderNode   = "<node_id>"   // the bare node id
	placeholderZone   = "<zone>"
	placeholderRandom = "<random>"
	placeholderUnique = "<unique_name>"
	placeholderPort   = "<port>" // the endpoint port
)

// standIn is advertised for a unique name that is not known yet, as the
// documents have it.
const standIn = "unique_name"

// Bound tells whether the link's names are final. One that waits for its
// unique name can be connected to, and nobody finds a broker by its name yet.
func (l Link) Bound() bool {
	return l.UniqueName != "" || !strings.Contains(l.Pattern, placeholderUnique)
}

// EndpointPort is the port of one broker at the link's endpoint.
func (l Link) EndpointPort(n Node) int { return l.PortBase + n.ID }

// AdvertisedHost is the name under which one broker is known to the link's
// consumer, as "b1.abc.eastus.azure.3199745.tidbcloud.com".
func (l Link) AdvertisedHost(n Node) string {
	id := strconv.Itoa(n.ID)
	return strings.NewReplacer(
		placeholderBroker, "b"+id,
		placeholderNode, id,
		placeholderZone, n.Zone,
		placeholderRandom, l.Random,
		placeholderUnique, cmp.Or(l.UniqueName, standIn),
	).Replace(l.hostPattern())
}

// AdvertisedPattern is the pattern with everything filled in that is the same
// for all brokers.
func (l Link) AdvertisedPattern() string {
	pattern := l.Pattern
	if l.Random != "" {
		pattern = strings.ReplaceAll(pattern, placeholderRandom, l.Random)
	}
	if l.UniqueName != "" {
		pattern = strings.ReplaceAll(pattern, placeholderUnique, l.UniqueName)
	}
	return pattern
}

func (l Link) hostPattern() string {
	return strings.TrimSuffix(l.Pattern, ":"+placeholderPort)
}
