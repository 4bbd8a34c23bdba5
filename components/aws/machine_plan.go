package aws

import (
	"cmp"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
)

// MachinePlan is the instance every node runs on.
type MachinePlan struct {
	naming.Machines
	// Type of the instances, x86. Default m6i.large. Changing it reboots the machines one by one.
	Type string `json:"type,omitempty" pulumi:"type"`
	// Image is the name of one of Amazon's images for x86, which is alike in all regions, with * and ? for any letters, or an image's
	// id. A machine that is made gets the newest of that name, and keeps it until it is replaced; another value replaces the machines
	// one by one. It is an Amazon Linux 2023, or an image that has its Systems Manager agent and AWS CLI. Default the newest Amazon
	// Linux 2023.
	Image string `json:"image,omitempty" pulumi:"image"`
	// KeyPair and AdminPublicKey are for people who use SSH; nothing of ours logs in. With a public key, a key pair is
	// made, named "<keyPair>-<digest of the key>", by default "<cluster>-…"; without, one of the name is there already, if there is a
	// name. Changing either replaces the machines one by one.
	KeyPair        string `json:"keyPair,omitempty" pulumi:"keyPair"`
	AdminPublicKey string `json:"adminPublicKey,omitempty" pulumi:"adminPublicKey"`
	// OSDisk and DataDisk; all are encrypted. Data disks are protected, and outlive their machines.
	OSDisk   DiskPlan `json:"osDisk,omitempty" pulumi:"osDisk"`
	DataDisk DiskPlan `json:"dataDisk,omitempty" pulumi:"dataDisk"`
}

// DiskPlan is one EBS volume.
type DiskPlan struct {
	// SizeGiB of the volume. Default 30 for the operating system, 128 for data.
	SizeGiB int `json:"sizeGiB,omitempty" pulumi:"sizeGiB"`
	// Type of the volume: gp3 (default), gp2, io1 or io2; st1 for data, too.
	Type string `json:"type,omitempty" pulumi:"type"`
	// IOPS of gp3, io1 and io2, and Throughput of gp3 in MiB/s. Default: what the type begins with.
	IOPS       int `json:"iops,omitempty" pulumi:"iops"`
	Throughput int `json:"throughput,omitempty" pulumi:"throughput"`
	// KMSKey is the ARN of a key of one's own; without one, AWS's key of the account encrypts the volume.
	KMSKey string `json:"kmsKey,omitempty" pulumi:"kmsKey"`
}

// DefaultImage are the releases of Amazon Linux 2023.
const DefaultImage = "al2023-ami-2023.*-kernel-6.1-x86_64"

// Distribution is what the default image has, as host knows it.
const Distribution = "amazon-linux-2023"

// dataDevice is what the data volume is attached as, dataDiskPaths where a host finds it: by a link that Amazon Linux makes
// on every type of instance, or by the name that Xen instances give it.
const dataDevice = "/dev/sdf"

var dataDiskPaths = []string{dataDevice, "/dev/xvdf"}

// WithDefaults fills what was left out.
func (p MachinePlan) WithDefaults(name string) MachinePlan {
	p.Machines = p.Machines.WithDefaults(name)
	p.Type = cmp.Or(p.Type, "m6i.large")
	p.Image = cmp.Or(p.Image, DefaultImage)
	if p.AdminPublicKey != "" {
		p.KeyPair = cmp.Or(p.KeyPair, name)
	}
	p.OSDisk = p.OSDisk.withDefaults(30)
	p.DataDisk = p.DataDisk.withDefaults(128)
	return p
}

func (d DiskPlan) withDefaults(size int) DiskPlan {
	d.SizeGiB = cmp.Or(d.SizeGiB, size)
	d.Type = cmp.Or(d.Type, "gp3")
	return d
}

// MachineName of a node; it stays with the node when its machine is replaced.
func (p MachinePlan) MachineName(n kafka.Node) string {
	return machineRule.Machine(p.Machines, n)
}
