package azure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// disks are the managed disks that began empty: data disks. What began as an image is a system disk, which a host
// brings along; what began as a copy cannot be had.
func (r *reader) disks() []fabric.Disk {
	var disks []fabric.Disk
	for _, disk := range r.List(tokenDisk) {
		switch from := disk.Properties.Text("creationData.createOption"); {
		case strings.EqualFold(from, "FromImage"):
			continue
		case !strings.EqualFold(from, "Empty"):
			r.Say("%s: its content (createOption %q) cannot be had, the disk is left out", called("disk", disk.ID), from)
			continue
		}
		read := fabric.Disk{
			ID: disk.ID, Name: nameOf(disk.ID), Content: disk.Computed.Text("uniqueId"),
			SizeGiB: int(disk.Properties.Number("diskSizeGB")),
		}
		if read.Content == "" {
			read.Content = read.Name
		}
		disks = append(disks, read)
	}
	return disks
}

// attachments are a machine's data disks, in the order it names them.
func (r *reader) attachments(machine string, p simcloud.Properties, of size, disks []fabric.Disk) []fabric.Attachment {
	nvme := of.nvme
	if controller := p.Text("storageProfile.diskControllerType"); controller != "" {
		nvme = strings.EqualFold(controller, "NVMe")
	}
	var attachments []fabric.Attachment
	for _, d := range p.Objects("storageProfile.dataDisks") {
		if !strings.EqualFold(d.Text("createOption"), "Attach") {
			r.Say("%s: its data disk %q is made along with it, which is not modelled: it is left out", machine, d.Text("name"))
			continue
		}
		disk, ok := r.Refer(machine, d.Text("managedDisk.id"), tokenDisk)
		if !ok || !slices.ContainsFunc(disks, func(other fabric.Disk) bool { return other.ID == disk.ID }) {
			continue
		}
		attachments = append(attachments, fabric.Attachment{Disk: disk.ID, Paths: diskPaths(nvme, int(d.Number("lun")))})
	}
	return attachments
}

// diskPaths are a data disk's names in the guest: those of the Azure Linux agent's udev rules behind a SCSI controller,
// those of azure-vm-utils' behind an NVMe one. Images that have azure-vm-utils give SCSI disks both, older ones do not.
func diskPaths(nvme bool, lun int) []string {
	if nvme {
		return []string{fmt.Sprintf("/dev/disk/azure/data/by-lun/%d", lun)}
	}
	return []string{fmt.Sprintf("/dev/disk/azure/scsi1/lun%d", lun)}
}
