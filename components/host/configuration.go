package host

import "fmt"

// Configuration is the payload that makes m serve what its cluster says.
func Configuration(m Machine, opts ConfigurationOptions) Payload {
	files := m.configurationFiles()
	return Payload{
		title: fmt.Sprintf("Configuration of node %d of the Kafka cluster %s.", m.Node.ID, m.Cluster.Name),
		step:  "configure.sh",
		node:  m.Node.ID,
		files: files,
		beside: []hostFile{
			{name: "identity", content: m.identity()},
			{name: "manifest", content: manifest(files)},
		},
		options: opts,
		timeout: stepTimeout(opts.Next),
	}
}

// runSettings is run.env: what belongs to this sending, not to what the host becomes.
func (p Payload) runSettings() string {
	var f shellFile
	f.comment("What belongs to this sending of the configuration.")
	f.number("ATTEMPT", p.options.Attempt)
	f.set("VM_DIGEST", p.options.VMDigest)
	f.flag("ALLOW_BLANK_DISK", p.options.AllowBlankDisk)
	f.flag("FORCE", p.options.Force)
	f.flag("NEXT", p.options.Next)
	f.set("DIGEST", p.Digest())
	f.set("RUN", p.Run())
	return f.String()
}
