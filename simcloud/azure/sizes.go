package azure

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// sizes are the machine sizes the simulation knows, with their greatest number of data disks.
var sizes = map[string]int{
	"Standard_B1s": 2, "Standard_B2s": 4, "Standard_B2ms": 4, "Standard_B4ms": 8,
	"Standard_D2s_v3": 4, "Standard_D4s_v3": 8, "Standard_D8s_v3": 16, "Standard_D16s_v3": 32,
	"Standard_D2s_v5": 4, "Standard_D4s_v5": 8, "Standard_D8s_v5": 16, "Standard_D16s_v5": 32,
	"Standard_D2as_v5": 4, "Standard_D4as_v5": 8, "Standard_D8as_v5": 16,
	"Standard_D2ds_v5": 4, "Standard_D4ds_v5": 8, "Standard_D8ds_v5": 16,
	"Standard_D2ps_v5": 4, "Standard_D4ps_v5": 8,
	"Standard_D2ds_v6": 4, "Standard_D2s_v6": 4, "Standard_D4s_v6": 12, "Standard_D8s_v6": 24,
	"Standard_E2s_v3": 4, "Standard_E4s_v3": 8, "Standard_E8s_v3": 16,
	"Standard_E2s_v5": 4, "Standard_E4s_v5": 8, "Standard_E8s_v5": 16, "Standard_E16s_v5": 32,
	"Standard_F2s_v2": 4, "Standard_F4s_v2": 8, "Standard_F8s_v2": 16,
	"Standard_L8s_v3": 16, "Standard_L16s_v3": 32,
}

func sizeKnown(t *simcloud.Transaction) error {
	size := t.After.Properties.Text("hardwareProfile.vmSize")
	most, known := sizes[size]
	if !known {
		return refuse(400, "InvalidParameter", "The value %s provided for the VM size is not valid.", size)
	}
	if disks := len(t.After.Properties.Objects("storageProfile.dataDisks")); disks > most {
		return refuse(409, "OperationNotAllowed", "The maximum number of data disks allowed to be attached to a VM of this size is %d, %s has %d.", most, nameOf(t.After.ID), disks)
	}
	if !t.Changes("hardwareProfile.vmSize") {
		return nil
	}
	t.Restart()
	before := t.Before.Properties.Text("hardwareProfile.vmSize")
	if localDisk(before) != localDisk(size) {
		return refuse(409, "OperationNotAllowed", "Unable to resize the VM '%s' since changing from resource disk to non-resource disk VM size and vice-versa is not allowed.", nameOf(t.After.ID))
	}
	if nvme(before) != nvme(size) {
		return refuse(409, "OperationNotAllowed", "Unable to resize the VM '%s': the disk controller type of VM size %s is not that of %s.", nameOf(t.After.ID), size, before)
	}
	return nil
}

// sizeParts are the features and the version in a size's name: "ds" and "5" of Standard_D2ds_v5.
var sizeParts = regexp.MustCompile(`^Standard_[A-Z]+[0-9]+([a-z]*)(?:_v([0-9]+))?$`)

// generation of a size, and its features: one letter each. A size without a version is of the first.
func generation(size string) (version int, features string) {
	parts := sizeParts.FindStringSubmatch(size)
	if parts == nil {
		return 1, ""
	}
	version, err := strconv.Atoi(parts[2])
	if err != nil {
		version = 1
	}
	return version, parts[1]
}

// localDisk says whether a size has a disk of its machine's host. Those of the first versions all have one; later, those with a d.
func localDisk(size string) bool {
	version, features := generation(size)
	return version < 4 || strings.Contains(features, "d")
}

// nvme says whether a size's disks are attached by NVMe alone.
func nvme(size string) bool {
	version, _ := generation(size)
	return version >= 6
}
