package host

import "github.com/kafkalink/kafkalink/components/kafka"

// Machine is one host: a node of a resolved cluster, and the hardware it runs on.
type Machine struct {
	Cluster *kafka.Cluster
	Node    kafka.Node
	Config  Config
	// MemoryMiB of the machine; 0 when unknown, then the heap is sized on the host.
	MemoryMiB int
	// Disk that holds /var/lib/kafka.
	Disk Disk
}

// Disk names a data disk by its stable device paths, most specific first. The host takes the first
// that exists, because a disk's path differs between SCSI, NVMe and Xen sizes of the same cloud. A path may be a
// pattern of Bash, which counts where it matches one disk.
type Disk struct {
	Paths []string
}

// Where things are on a host.
const (
	identityPath   = "/etc/kafkalink/identity"
	librariesPath  = "/usr/local/lib/kafkalink"
	dataMountPoint = "/var/lib/kafka"
)
