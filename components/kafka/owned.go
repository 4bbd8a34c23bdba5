package kafka

import "strings"

// ownedProperties are derived from the model; the value says what to change
// instead of the property.
var ownedProperties = map[string]string{
	"process.roles":                       "cluster.controllers or cluster.nodes",
	"node.id":                             "cluster.nodes",
	"broker.id":                           "cluster.nodes",
	"broker.id.generation.enable":         "cluster.nodes",
	"broker.rack":                         "cluster.zones or cluster.nodes",
	"controller.quorum.voters":            "cluster.controllers or cluster.nodes",
	"controller.quorum.bootstrap.servers": "cluster.controllers or cluster.nodes",
	"controller.listener.names":           "cluster.ports",
	"control.plane.listener.name":         "cluster.ports",
	"listeners":                           "links and cluster.ports",
	"advertised.listeners":                "links and cluster.ports",
	"inter.broker.listener.name":          "cluster.ports",
	"security.inter.broker.protocol":      "cluster.ports",
	"listener.security.protocol.map":      "links",
	"log.dirs":                            "",
	"log.dir":                             "",
	"metadata.log.dir":                    "",
}

// owner tells what sets a property, if the user must not.
func owner(key string) (rule, remedy string, owned bool) {
	// Kafka knows keys in one case only; another case would be silently unused.
	key = strings.ToLower(key)
	if key == "zookeeper" || strings.HasPrefix(key, "zookeeper.") {
		return "the cluster runs without ZooKeeper", "remove it", true
	}
	instead, owned := ownedProperties[key]
	if instead == "" {
		return "kafkalink sets it, to the data disk of every host", "remove it", owned
	}
	return "kafkalink sets it, from " + instead, "remove it and change " + instead, owned
}
