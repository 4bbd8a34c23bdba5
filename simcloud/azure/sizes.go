package azure

import "github.com/kafkalink/kafkalink/simcloud"

// sizes are the machine sizes the simulation knows, with their greatest number of data disks.
var sizes = map[string]int{
	"Standard_B1s": 2, "Standard_B2s": 4, "Standard_B2ms": 4, "Standard_B4ms": 8,
	"Standard_D2s_v3": 4, "Standard_D4s_v3": 8, "Standard_D8s_v3": 16, "Standard_D16s_v3": 32,
	"Standard_D2s_v5": 4, "Standard_D4s_v5": 8, "Standard_D8s_v5": 16, "Standard_D16s_v5": 32,
	"Standard_D2as_v5": 4, "Standard_D4as_v5": 8, "Standard_D8as_v5": 16,
	"Standard_D2ds_v5": 4, "Standard_D4ds_v5": 8, "Standard_D8ds_v5": 16,
	"Standard_D2ps_v5": 4, "Standard_D4ps_v5": 8,
	"Standard_D2s_v6": 4, "Standard_D4s_v6": 12, "Standard_D8s_v6": 24,
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
	if t.Changes("hardwareProfile.vmSize") {
		t.Restart()
	}
	return nil
}
