package kafka

import (
	"strconv"
	"strings"
)

// Placeholders of a link's pattern.
const (
	placeholderBroker = "<broker_id>" // "b" and the node id, as TiDB Cloud writes it
	placeholderNode   = "<node_id>"   // the bare node id
	placeholderZone   = "<zone>"
	placeholderRandom = "<random>"
	placeholderPort   = "<port>" // the endpoint port
)

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
	).Replace(l.hostPattern())
}

// AdvertisedPattern is the pattern with everything filled in that is the same
// for all brokers.
func (l Link) AdvertisedPattern() string {
	if l.Random == "" {
		return l.Pattern
	}
	return strings.ReplaceAll(l.Pattern, placeholderRandom, l.Random)
}

func (l Link) hostPattern() string {
	return strings.TrimSuffix(l.Pattern, ":"+placeholderPort)
}
