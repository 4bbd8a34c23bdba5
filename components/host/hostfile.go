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
}

// hostScripts are the scripts that an operator and the configuration step use, in the order in which
// they build on each other.
var hostScripts = []string{
	"host.sh", "quorum.sh", "partitions.sh", "disk.sh", "install.sh", "safety.sh", "ready.sh", "report.sh",
	"configure.sh", "kafkalink-host.sh",
}

// configurationFiles of a machine: first what a reader of a diff looks for.
func (m Machine) configurationFiles() []hostFile {
	files := []hostFile{
		{"server.properties", m.Cluster.ServerProperties(m.Node), effectRestart, "0640", "kafka", "/etc/kafka/server.properties"},
		{"kafka.env", embeddedFile("files/kafka.env"), effectRestart, "0644", "root", "/etc/kafka/kafka.env"},
		{"log4j.properties", embeddedFile("files/log4j.properties"), effectRestart, "0644", "root", "/etc/kafka/log4j.properties"},
		{"kafkalink.conf", embeddedFile("files/kafkalink.conf"), effectRestart, "0644", "root",
			"/etc/systemd/system/kafka.service.d/kafkalink.conf"},
		{"heap.env", "", effectComputed, "0644", "root", "/etc/kafka/heap.env"},
		{"node.env", m.nodeSettings(), effectNone, "0644", "root", "/etc/kafkalink/node.env"},
		{"limits.env", limitsFile(), effectNone, "0644", "root", "/etc/kafkalink/limits.env"},
	}
	for _, name := range hostScripts {
		destination := librariesPath + "/" + name
		if name == "kafkalink-host.sh" {
			// On the PATH, under the name that operators know.
			files = append(files, hostFile{"kafkalink-host", kafkalinkHost, effectNone, "0755", "root", "/usr/local/bin/kafkalink-host"})
		}
		files = append(files, hostFile{name, embeddedFile("scripts/" + name), effectNone, "0755", "root", destination})
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
