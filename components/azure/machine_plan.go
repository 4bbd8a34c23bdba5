package azure

import (
	"cmp"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
)

// MachinePlan is the virtual machine every node runs on.
type MachinePlan struct {
	naming.Machines
	// Size is the virtual machine size. Default Standard_D2s_v3. Changing it replaces the machines one by one.
	Size string `json:"size,omitempty" pulumi:"size"`
	// Image is "publisher:offer:sku:version". With the version "latest" a machine that is made gets the newest, and keeps it until it
	// is replaced; another value replaces the machines one by one. Default the newest Ubuntu 24.04 LTS, x64, Gen2.
	Image string `json:"image,omitempty" pulumi:"image"`
	// AdminUser and AdminPublicKey are for people; nothing of ours logs in. Default user "azureuser".
	AdminUser      string `json:"adminUser,omitempty" pulumi:"adminUser"`
	AdminPublicKey string `json:"adminPublicKey,omitempty" pulumi:"adminPublicKey"`
	// OSDisk and DataDisk; data disks are encrypted, protected, and outlive their machines.
	OSDisk   DiskPlan `json:"osDisk,omitempty" pulumi:"osDisk"`
	DataDisk DiskPlan `json:"dataDisk,omitempty" pulumi:"dataDisk"`
	// EncryptionAtHost also encrypts caches and temporary disks; the subscription must have the feature registered.
	EncryptionAtHost bool `json:"encryptionAtHost,omitempty" pulumi:"encryptionAtHost"`
}

// DiskPlan is one managed disk.
type DiskPlan struct {
	// SizeGiB of the disk. Default 30 for the operating system, 128 for data.
	SizeGiB int `json:"sizeGiB,omitempty" pulumi:"sizeGiB"`
	// SKU is the storage kind. Default Premium_LRS.
	SKU string `json:"sku,omitempty" pulumi:"sku"`
	// EncryptionSet is the resource id of a disk encryption set; without one, Azure's platform key encrypts the disk.
	EncryptionSet string `json:"encryptionSet,omitempty" pulumi:"encryptionSet"`
}

// DefaultImage is the documents' Ubuntu 24.04 LTS. Azure resolves the version when it makes a machine.
const DefaultImage = "Canonical:ubuntu-24_04-lts:server:latest"

// dataDiskPaths are the stable paths of the disk at LUN 0: SCSI sizes (udev rules of the Azure Linux agent), then NVMe sizes (udev
// rules of azure-vm-utils; where an image has none, systemd's, since its version 250: the namespace of LUN 0 is 2, after the
// system disk's).
var dataDiskPaths = []string{
	"/dev/disk/azure/scsi1/lun0", "/dev/disk/azure/data/by-lun/0", "/dev/disk/by-id/nvme-MSFT_NVMe_Accelerator_v1.0_*_2",
}

// WithDefaults fills what was left out.
func (p MachinePlan) WithDefaults(name string) MachinePlan {
	p.Machines = p.Machines.WithDefaults(name)
	p.Size = cmp.Or(p.Size, "Standard_D2s_v3")
	p.Image = cmp.Or(p.Image, DefaultImage)
	p.AdminUser = cmp.Or(p.AdminUser, "azureuser")
	p.OSDisk = p.OSDisk.withDefaults(30)
	p.DataDisk = p.DataDisk.withDefaults(128)
	return p
}

func (d DiskPlan) withDefaults(size int) DiskPlan {
	d.SizeGiB = cmp.Or(d.SizeGiB, size)
	d.SKU = cmp.Or(d.SKU, "Premium_LRS")
	return d
}

// MachineName of a node; it stays with the node when its machine is replaced.
func (p MachinePlan) MachineName(n kafka.Node) string {
	return machineRule.Machine(p.Machines, n)
}
