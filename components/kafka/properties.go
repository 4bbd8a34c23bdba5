package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Where a node keeps its data, on every host.
const (
	MountPoint    = "/var/lib/kafka"
	DataDirectory = MountPoint + "/data"
)

type property struct{ key, value string }

// section is some properties under a comment.
type section struct {
	comment    string
	properties []property
}

// ServerProperties is the node's server.properties, the same text for the same
// model. Every property is there once: the user's in place of the default.
func (c *Cluster) ServerProperties(n Node) string {
	overrides := merged(c.Properties, n.Properties)
	var text strings.Builder
	text.WriteString("# Written by kafkalink from the cluster's model; changes made here are lost.\n")
	for _, s := range c.sections(n, overrides) {
		writeSection(&text, s, overrides)
	}
	writeSection(&text, yours(overrides), nil)
	return text.String()
}

func (c *Cluster) sections(n Node, overrides map[string]string) []section {
	sections := []section{
		{"What this node is", c.identity(n)},
		{"Listeners", c.listeners(n)},
		{"Data, on a disk of its own", []property{{"log.dirs", DataDirectory}}},
		// The controller places replicas and elects leaders, so it needs these
		// where it is alone as well.
		{"Copies of topics; unclean elections would lose acknowledged records", c.topicDefaults(overrides)},
	}
	if n.IsBroker() {
		sections = append(sections, section{"What only brokers read", c.brokerDefaults(overrides)})
	}
	return append(sections, section{"Where values that are references come from", providerSettings(overrides)})
}

func (c *Cluster) identity(n Node) []property {
	roles := make([]string, len(n.Roles))
	for i, role := range n.Roles {
		roles[i] = string(role)
	}
	properties := []property{
		{"process.roles", strings.Join(roles, ",")},
		{"node.id", strconv.Itoa(n.ID)},
		{"controller.quorum.voters", c.Voters()},
	}
	if n.IsBroker() && n.Zone != "" {
		properties = append(properties, property{"broker.rack", n.Zone})
	}
	return properties
}

func (c *Cluster) topicDefaults(overrides map[string]string) []property {
	r := replication(len(c.Brokers()), overrides)
	return []property{
		{replicationKey, strconv.Itoa(r[replicationKey])},
		{minISRKey, strconv.Itoa(r[minISRKey])},
		{"unclean.leader.election.enable", "false"},
	}
}

func (c *Cluster) brokerDefaults(overrides map[string]string) []property {
	r := replication(len(c.Brokers()), overrides)
	return []property{
		{"auto.create.topics.enable", "false"},
		{offsetsReplicationKey, strconv.Itoa(r[offsetsReplicationKey])},
		{transactionReplicationKey, strconv.Itoa(r[transactionReplicationKey])},
		{transactionMinISRKey, strconv.Itoa(r[transactionMinISRKey])},
		{"controlled.shutdown.enable", "true"},
		{idleKey, strconv.Itoa(brokerIdleMS)},
	}
}

func yours(overrides map[string]string) section {
	s := section{comment: "From the user's configuration"}
	for _, key := range slices.Sorted(maps.Keys(overrides)) {
		s.properties = append(s.properties, property{key, overrides[key]})
	}
	return s
}

func writeSection(text *strings.Builder, s section, overridden map[string]string) {
	var lines []string
	for _, p := range s.properties {
		if _, replaced := overridden[p.key]; !replaced {
			lines = append(lines, p.key+"="+escapeValue(p.value)+"\n")
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(text, "\n# %s\n%s", s.comment, strings.Join(lines, ""))
	}
}
