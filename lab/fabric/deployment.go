package fabric

// Deployment is what is deployed in a cloud, as far as a data plane can act on it.
type Deployment struct {
	Fabric   Fabric
	Machines []Machine
	Disks    []Disk
	// Unmodelled are resources, or properties of them, that cannot be imitated, each a sentence.
	Unmodelled []string
}

// Machine is a virtual machine.
type Machine struct {
	ID         string // of the resource
	InstanceID string // changes with every machine, also of the same id
	Name       string
	Hostname   string
	UserData   []byte // decoded
	Interface  string // id of the primary one
	Disks      []Attachment
	AdminUser  string
	AdminKeys  []string
	// MemoryMiB is what its size has in the cloud; 0: the size is not known.
	MemoryMiB int
	// Agent tells whether the image's agent, which executes commands, is told to run.
	Agent bool
	// Off says that it was stopped. It keeps its disks, and its interface.
	Off bool
	// ShutsDown says that the machine's own system is asked to end before its power is taken, where its owner has it
	// stopped, restarted or deleted.
	ShutsDown bool
}

// Attachment is a data disk of a machine.
type Attachment struct {
	ID   string // of the resource, if it is one of its own
	Disk string // id
	// Paths at which the guest finds it, one of which exists, by the size's storage controller.
	Paths []string
}

// Disk is a data disk, attached or not.
type Disk struct {
	ID      string
	Name    string
	Content string // changes when a disk of the same id is another, and so blank
	SizeGiB int
}
