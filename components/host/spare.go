package host

import "fmt"

// Spare is the payload of the question that comes before any machine is touched, run on one node m: it
// changes nothing and succeeds when the cluster, as it is deployed, can spare any one of its nodes, or when
// there is nothing to protect yet. Of the options, Attempt, VMDigest and Force count.
//
// What m is to become does not matter: the host answers from the settings it has, so a cluster that grows or
// gets other links can be asked too.
func Spare(m Machine, opts ConfigurationOptions) Payload {
	files := []hostFile{{name: "limits.env", content: limitsFile()}}
	for _, name := range []string{"host.sh", "quorum.sh", "partitions.sh", "safety.sh", "report.sh", "spare.sh"} {
		files = append(files, scriptFile(name))
	}
	return Payload{
		title:   fmt.Sprintf("Asks whether the Kafka cluster %s can spare a node; asked on node %d.", m.Cluster.Name, m.Node.ID),
		step:    "spare.sh",
		node:    m.Node.ID,
		files:   files,
		beside:  []hostFile{{name: "identity", content: m.identity()}},
		options: opts,
		timeout: limitOf("SAFETY_SECONDS") + besidesWaiting,
	}
}
