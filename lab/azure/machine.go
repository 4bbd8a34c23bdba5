package azure

import (
	"encoding/base64"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

func (r *reader) machines(disks []fabric.Disk) []fabric.Machine {
	var machines []fabric.Machine
	for _, machine := range r.List(tokenVirtualMachine) {
		machines = append(machines, r.machine(machine, disks))
	}
	return machines
}

func (r *reader) machine(machine *simcloud.Resource, disks []fabric.Disk) fabric.Machine {
	p := machine.Properties
	name := called("virtual machine", machine.ID)
	size, known := sizeOf(p.Text("hardwareProfile.vmSize"))
	if !known {
		r.Say("%s: the memory of size %s is not known", name, p.Text("hardwareProfile.vmSize"))
	}
	read := fabric.Machine{
		ID: machine.ID, Name: nameOf(machine.ID), InstanceID: machine.Computed.Text("vmId"),
		Hostname: p.Text("osProfile.computerName"),
		UserData: r.userData(name, p), Disks: r.attachments(name, p, size, disks), MemoryMiB: size.memoryMiB,
		AdminUser: p.Text("osProfile.adminUsername"), AdminKeys: adminKeys(p), Agent: hasAgent(p),
	}
	if read.InstanceID == "" {
		read.InstanceID = read.Name
	}
	if read.Hostname == "" {
		read.Hostname = read.Name
	}
	if references := interfacesOf(machine); len(references) > 0 {
		if nic, ok := r.Refer(name, references[0].Text("id"), tokenNetworkInterface); ok {
			read.Interface = nic.ID
		}
	}
	return read
}

// userData is what cloud-init runs: the custom data, or where there is none the user data, which cloud-init gets from
// the instance metadata service (cloud-init, cloudinit/sources/DataSourceAzure.py).
func (r *reader) userData(machine string, p simcloud.Properties) []byte {
	for _, path := range []string{"osProfile.customData", "userData"} {
		data, err := base64.StdEncoding.DecodeString(p.Text(path))
		if err != nil {
			r.Say("%s: its %s is not base64 and is left out", machine, path)
			continue
		}
		if len(data) > 0 {
			return data
		}
	}
	return nil
}

func adminKeys(p simcloud.Properties) []string {
	var keys []string
	for _, key := range p.Objects("osProfile.linuxConfiguration.ssh.publicKeys") {
		if text := strings.TrimSpace(key.Text("keyData")); text != "" {
			keys = append(keys, text)
		}
	}
	return keys
}

// hasAgent says whether commands can be run: the agent is there and may run extensions unless that is turned off.
func hasAgent(p simcloud.Properties) bool {
	for _, path := range []string{"osProfile.linuxConfiguration.provisionVMAgent", "osProfile.allowExtensionOperations"} {
		if p.Has(path) && !p.True(path) {
			return false
		}
	}
	return true
}
