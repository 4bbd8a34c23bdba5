package aws

import (
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

// adminUser is the login of Amazon Linux, whatever image is named.
const adminUser = "ec2-user"

func (r *reader) machines(disks []fabric.Disk) (machines []fabric.Machine) {
	for _, instance := range r.List(tokenInstance) {
		machines = append(machines, r.machine(instance, disks))
	}
	return machines
}

func (r *reader) machine(instance *simcloud.Resource, disks []fabric.Disk) fabric.Machine {
	p := instance.Properties
	name := called("instance", instance)
	read := fabric.Machine{
		ID: instance.ID, InstanceID: instance.ID, Name: nameOf(instance), Disks: r.attachments(name, instance, disks),
		MemoryMiB: memoryOf(p.Text("instanceType")), AdminUser: adminUser, AdminKeys: r.adminKeys(name, p.Text("keyName")),
		Agent: true, // who may run commands is the cloud's to say
		Off:   instance.Computed.Text("instanceState") != "running", ShutsDown: true,
	}
	if read.MemoryMiB == 0 {
		r.Say("%s: the memory of type %s is not known", name, p.Text("instanceType"))
	}
	userData, err := cloud.UserData(instance)
	if err != nil {
		r.Say("%s: its user-data is not base64 and is left out", name)
	}
	read.UserData = userData
	for _, place := range r.places {
		if place.machine != nil && place.machine.ID == instance.ID {
			read.Interface = place.id
			read.Hostname = "ip-" + strings.ReplaceAll(place.address.String(), ".", "-")
		}
	}
	if read.Hostname == "" {
		read.Hostname = instance.ID
	}
	return read
}

func (r *reader) adminKeys(name, pair string) []string {
	if pair == "" {
		return nil
	}
	for _, key := range r.List(tokenKeyPair) {
		if text := strings.TrimSpace(key.Properties.Text("publicKey")); key.Properties.Text("keyName") == pair && text != "" {
			return []string{text}
		}
	}
	r.Say("%s: key pair %q does not exist in the simulated cloud, nobody can log in with it", name, pair)
	return nil
}

// disks are the volumes that began empty. What began as a snapshot cannot be had.
func (r *reader) disks() (disks []fabric.Disk) {
	for _, volume := range r.List(tokenVolume) {
		if snapshot := volume.Properties.Text("snapshotId"); snapshot != "" {
			r.Say("%s: its content (snapshot %s) cannot be had, the volume is left out", called("volume", volume), snapshot)
			continue
		}
		size := int(volume.Properties.Number("size"))
		if size <= 0 || size > 65536 {
			r.Say("%s: its size %v is none, the volume is left out", called("volume", volume), volume.Properties.Get("size"))
			continue
		}
		disks = append(disks, fabric.Disk{ID: volume.ID, Name: nameOf(volume), Content: volume.ID, SizeGiB: size})
	}
	return disks
}

// attachments are an instance's data volumes, in the order of their devices.
func (r *reader) attachments(name string, instance *simcloud.Resource, disks []fabric.Disk) (attachments []fabric.Attachment) {
	for _, attachment := range simcloud.ChildrenOf(r, tokenVolumeAttachment, instance.ID) {
		volume, ok := r.Refer(name, attachment.Properties.Text("volumeId"), tokenVolume)
		if !ok || !slices.ContainsFunc(disks, func(d fabric.Disk) bool { return d.ID == volume.ID }) {
			continue
		}
		paths := diskPaths(cloud.HypervisorOf(instance.Properties.Text("instanceType")), attachment.Properties.Text("deviceName"))
		if len(paths) == 0 {
			r.Say("%s: device name %q is none, the volume is left out", name, attachment.Properties.Text("deviceName"))
			continue
		}
		attachments = append(attachments, fabric.Attachment{ID: attachment.ID, Disk: volume.ID, Paths: paths})
	}
	slices.SortFunc(attachments, func(a, b fabric.Attachment) int { return strings.Compare(a.Paths[0], b.Paths[0]) })
	return attachments
}

// diskPaths are a data volume's names in the guest. Amazon Linux makes a link of the device's name on every type of
// instance; a Xen instance calls the device itself xvd* (docs.aws.amazon.com, "Device names for volumes on EC2 instances").
func diskPaths(hypervisor cloud.Hypervisor, device string) []string {
	path := "/dev/" + strings.TrimPrefix(device, "/dev/")
	letter, ok := strings.CutPrefix(path, "/dev/sd")
	switch {
	case ok && hypervisor == cloud.Xen:
		return []string{path, "/dev/xvd" + letter}
	case ok, strings.HasPrefix(path, "/dev/xvd"):
		return []string{path}
	}
	return nil
}
