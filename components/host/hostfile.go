package host

import "strings"

// When a host file's change matters.
const (
	effectRestart  = "restart"  // Kafka reads it when it starts
	effectComputed = "computed" // so it does, but the host itself makes it: no part of the digest
	effectNone     = "none"     // only the host scripts read it
)

// hostFile is one file of a payload, and where it goes.
type hostFile struct {
	name        string // in the payload's own directory
	content     string // ends in a newline
	effect      string
	mode        string
	group       string // of root's file
	destination string
	packed      bool // it is kafkalink's own, the same on every host
}

// scriptFile is a host script that a step needs and the host does not keep.
func scriptFile(name string) hostFile {
	return hostFile{name: name, content: embeddedFile("scripts/" + name), packed: true}
}

// hostScripts are the scripts that an operator and the configuration step use, in the order in which
// they build on each other.
var hostScripts = []string{
	"host.sh", "quorum.sh", "partitions.sh", "disk.sh", "kernel.sh", "install.sh", "safety.sh", "ready.sh", "report.sh",
	"configure.sh", "kafkalink-host.sh",
}

// configurationFiles of a machine: first what a reader of a diff looks for.
func (m Machine) configurationFiles() []hostFile {
	files := []hostFile{
		{name: "server.properties", content: m.Cluster.ServerProperties(m.Node), effect: effectRestart, mode: "0640", group: "kafka", destination: "/etc/kafka/server.properties"},
		{name: "kafka.env", content: embeddedFile("files/kafka.env"), effect: effectRestart, mode: "0644", group: "root", destination: "/etc/kafka/kafka.env"},
		{name: "log4j.properties", content: embeddedFile("files/log4j.properties"), effect: effectRestart, mode: "0644", group: "root", destination: "/etc/kafka/log4j.properties"},
		{name: "kafkalink.conf", content: embeddedFile("files/kafkalink.conf"), effect: effectRestart, mode: "0644", group: "root",
			destination: "/etc/systemd/system/kafka.service.d/kafkalink.conf"},
		{name: "heap.env", content: "", effect: effectComputed, mode: "0644", group: "root", destination: "/etc/kafka/heap.env"},
		{name: "kernel.bounds", content: kernelBounds(m.Cluster), effect: effectNone, mode: "0644", group: "root", destination: "/etc/kafkalink/kernel.bounds"},
		{name: "node.env", content: m.nodeSettings(), effect: effectNone, mode: "0644", group: "root", destination: "/etc/kafkalink/node.env"},
		{name: "limits.env", content: limitsFile(), effect: effectNone, mode: "0644", group: "root", destination: "/etc/kafkalink/limits.env"},
	}
	for _, name := range hostScripts {
		destination := librariesPath + "/" + name
		if name == "kafkalink-host.sh" {
			// On the PATH, under the name that operators know.
			files = append(files, hostFile{
				name: "kafkalink-host", content: kafkalinkHost, effect: effectNone, mode: "0755", group: "root", destination: "/usr/local/bin/kafkalink-host",
			})
		}
		script := scriptFile(name)
		script.effect, script.mode, script.group, script.destination = effectNone, "0755", "root", destination
		files = append(files, script)
	}
	return files
}

const kafkalinkHost = "#!/bin/sh\nexec " + librariesPath + "/kafkalink-host.sh \"$@\"\n"

// manifest tells install.sh what goes where.
func manifest(files []hostFile) string {
	var text strings.Builder
	for _, f := range files {
		text.WriteString(strings.Join([]string{f.name, f.effect, f.mode, f.group, f.destination}, " ") + "\n")
	}
	return text.String()
}
