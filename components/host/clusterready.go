package host

import "fmt"

// ClusterReady is the payload of a deployment's last step, run on any broker m: it changes nothing and
// waits until every broker is registered under its names and every partition is in sync.
// Of the options, Attempt and VMDigest count.
func ClusterReady(m Machine, opts ConfigurationOptions) Payload {
	var brokers shellFile
	var rows []string
	for _, n := range m.Cluster.Brokers() {
		for _, listener := range brokerListeners(m.Cluster, n) {
			rows = append(rows, fmt.Sprintf("%d %s", n.ID, listener))
		}
	}
	brokers.comment("Every broker on every listener: its id, the listener, its port, what it advertises.")
	brokers.list("BROKERS", rows)

	files := []hostFile{
		{name: "cluster.env", content: brokers.String()},
		{name: "node.env", content: m.nodeSettings()},
		{name: "limits.env", content: limitsFile()},
	}
	for _, name := range []string{"host.sh", "quorum.sh", "partitions.sh", "ready.sh", "report.sh", "cluster-ready.sh"} {
		files = append(files, scriptFile(name))
	}
	return Payload{
		title:   fmt.Sprintf("Waits until the Kafka cluster %s is in sync; asked on node %d.", m.Cluster.Name, m.Node.ID),
		step:    "cluster-ready.sh",
		node:    m.Node.ID,
		files:   files,
		beside:  []hostFile{{name: "identity", content: m.identity()}},
		options: opts,
		timeout: limitOf("SYNC_SECONDS") + besidesWaiting,
	}
}
