package azure

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenVirtualMachine = "azure-native:compute:VirtualMachine"

func virtualMachine(features Features) armType {
	return armType{path: "Microsoft.Compute/virtualMachines/{vmName}", names: machineNames, Kind: simcloud.Kind{
		Token:    tokenVirtualMachine,
		Duration: 45 * time.Second,
		Required: []string{"networkProfile.networkInterfaceConfigurations[].ipConfigurations"},
		Enums: map[string][]string{
			"priority":                                                  {"Regular", "Low", "Spot"},
			"storageProfile.osDisk.createOption":                        {"FromImage", "Empty", "Attach"},
			"storageProfile.osDisk.caching":                             {"None", "ReadOnly", "ReadWrite"},
			"storageProfile.osDisk.deleteOption":                        {"Delete", "Detach"},
			"storageProfile.dataDisks[].createOption":                   {"FromImage", "Empty", "Attach"},
			"storageProfile.dataDisks[].caching":                        {"None", "ReadOnly", "ReadWrite"},
			"storageProfile.dataDisks[].deleteOption":                   {"Delete", "Detach"},
			"networkProfile.networkInterfaces[].deleteOption":           {"Delete", "Detach"},
			"osProfile.linuxConfiguration.patchSettings.patchMode":      {"ImageDefault", "AutomaticByPlatform"},
			"osProfile.linuxConfiguration.patchSettings.assessmentMode": {"ImageDefault", "AutomaticByPlatform"},
			"securityProfile.securityType":                              {"TrustedLaunch", "ConfidentialVM"},
			"zones[]":                                                   zones,
		},
		Ranges: map[string]simcloud.Range{"storageProfile.dataDisks[].lun": {Min: 0, Max: 63}},
		References: []simcloud.Reference{
			{Path: "networkProfile.networkInterfaces[].id", To: []string{tokenNetworkInterface}},
			{Path: "storageProfile.dataDisks[].managedDisk.id", To: []string{tokenDisk}},
			{Path: "storageProfile.osDisk.managedDisk.id", To: []string{tokenDisk}},
		},
		Defaults: machineDefaults,
		Rules: []simcloud.Rule{
			features.encryptionRegistered, machineChanged, sizeKnown, machineZoned, interfacesFree, machineHasImage, loginGiven, customDataFits, dataDisksFit,
		},
		Compute:     computeMachine,
		DeleteRules: []simcloud.Rule{takeAlong, features.reserve},
		Outputs:     machineOutputs,
		Hidden:      []string{"userData", "instanceView", exactVersion},
	}}
}

func machineDefaults(p simcloud.Properties) {
	p.Default("storageProfile.osDisk.deleteOption", "Detach")
	p.Default("storageProfile.osDisk.caching", "None")
	for _, d := range p.Objects("storageProfile.dataDisks") {
		d.Default("caching", "None")
		d.Default("deleteOption", "Detach")
	}
	for _, nic := range p.Objects("networkProfile.networkInterfaces") {
		nic.Default("deleteOption", "Detach")
	}
	if nics := p.Objects("networkProfile.networkInterfaces"); len(nics) == 1 {
		onePrimary(nics)
	}
	if p.Has("osProfile.linuxConfiguration") {
		p.Default("osProfile.linuxConfiguration.provisionVMAgent", true)
		p.Default("osProfile.linuxConfiguration.patchSettings.patchMode", "ImageDefault")
		p.Default("osProfile.linuxConfiguration.patchSettings.assessmentMode", "ImageDefault")
	}
}

// fixed are the properties that ARM refuses to change in place, with its name for each. A component must
// have the machine replaced.
var fixed = []struct{ path, name string }{
	{"osProfile.customData", "osProfile.customData"},
	{"osProfile.computerName", "osProfile.computerName"},
	{"osProfile.adminUsername", "osProfile.adminUsername"},
	{"osProfile.adminPassword", "osProfile.adminPassword"},
	{"osProfile.linuxConfiguration.ssh", "linuxConfiguration.ssh.publicKeys"},
	{"osProfile.linuxConfiguration.disablePasswordAuthentication", "linuxConfiguration.disablePasswordAuthentication"},
	{"storageProfile.imageReference", "imageReference"},
	{"storageProfile.osDisk.name", "osDisk.name"},
	{"storageProfile.osDisk.createOption", "osDisk.createOption"},
	{"storageProfile.osDisk.managedDisk", "osDisk.managedDisk"},
	{"zones", "zones"},
	{"priority", "priority"},
	{"availabilitySet", "availabilitySet"},
	{"plan", "plan"},
}

// encryptionRegistered refuses the property, whatever its value, where the feature is not registered.
func (f Features) encryptionRegistered(t *simcloud.Transaction) error {
	if f.EncryptionAtHost || !t.After.Properties.Has("securityProfile.encryptionAtHost") {
		return nil
	}
	return refuse(400, "InvalidParameter", "The property 'securityProfile.encryptionAtHost' is not valid because the 'Microsoft.Compute/EncryptionAtHost' feature is not enabled for this subscription.")
}

func machineChanged(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	for _, path := range []string{"name", "diskSizeGB", "managedDisk.id", "managedDisk.storageAccountType"} {
		keep(t, "storageProfile.osDisk."+path)
	}
	for _, path := range []string{"securityType", "encryptionAtHost", "uefiSettings.secureBootEnabled", "uefiSettings.vTpmEnabled"} {
		keep(t, "securityProfile."+path)
		if t.Changes("securityProfile." + path) {
			return refuse(409, "OperationNotAllowed", "'securityProfile.%s' of VM %s can be changed only while it is deallocated.", path, nameOf(t.After.ID))
		}
	}
	if t.Changes("storageProfile.osDisk.diskSizeGB") {
		return refuse(409, "OperationNotAllowed", "Cannot resize the OS disk of VM %s while it is running: resizing it requires the VM to be deallocated.", nameOf(t.After.ID))
	}
	for _, property := range fixed {
		if t.Changes(property.path) {
			return propertyChangeNotAllowed(property.name)
		}
	}
	if !equalIDs(t.World, interfaceIDs(t.Before), interfaceIDs(t.After)) {
		return refuse(409, "OperationNotAllowed", "Network interfaces of VM %s cannot be added or removed while it is running.", nameOf(t.After.ID))
	}
	return nil
}

// keep leaves unset what the cloud chose earlier.
func keep(t *simcloud.Transaction, path string) {
	if value := t.Before.Properties.Get(path); value != nil {
		t.After.Properties.Default(path, value)
	}
}

func interfaceIDs(r *simcloud.Resource) []string {
	var ids []string
	for _, nic := range r.Properties.Objects("networkProfile.networkInterfaces") {
		ids = append(ids, nic.Text("id"))
	}
	return ids
}

func equalIDs(view simcloud.View, a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !view.Same(a[i], b[i]) {
			return false
		}
	}
	return true
}

func machineZoned(t *simcloud.Transaction) error {
	if named := t.After.Properties.Texts("zones"); len(named) > 1 {
		return refuse(400, "InvalidParameter", "VM %s can be in at most one zone, it names %v.", nameOf(t.After.ID), named)
	}
	return nil
}

func interfacesFree(t *simcloud.Transaction) error {
	nics := t.After.Properties.Objects("networkProfile.networkInterfaces")
	if len(nics) == 0 {
		return refuse(400, "InvalidParameter", "VM %s must have at least one network interface.", nameOf(t.After.ID))
	}
	primary := 0
	for _, nic := range nics {
		if nic.True("primary") || len(nics) == 1 {
			primary++
		}
		r, ok := t.World.Get(nic.Text("id"))
		if !ok {
			return refuse(400, "InvalidParameter", "VM %s names a network interface without an id.", nameOf(t.After.ID))
		}
		for _, user := range t.World.Referrers(r.ID) {
			if user.Resource.Type == tokenVirtualMachine && !t.World.Same(user.Resource.ID, t.After.ID) {
				return refuse(400, "NicInUse", "Network Interface %s is used by existing resource %s.", r.ID, user.Resource.ID)
			}
		}
		if err := sameRegion(t, r); err != nil {
			return err
		}
	}
	if primary != 1 {
		return refuse(400, "VirtualMachineMustHaveOneNetworkInterfaceAsPrimary", "Virtual machine %s must have one network interface set as the primary, it has %d.", nameOf(t.After.ID), primary)
	}
	return nil
}

func loginGiven(t *simcloud.Transaction) error {
	p := t.After.Properties
	if p.Text("storageProfile.osDisk.createOption") != "FromImage" {
		return nil
	}
	for _, name := range []string{"adminUsername", "computerName"} {
		if !p.Has("osProfile." + name) {
			return refuse(400, "InvalidParameter", "Required parameter 'osProfile.%s' is missing (null).", name)
		}
	}
	if p.True("osProfile.linuxConfiguration.disablePasswordAuthentication") {
		if len(p.Objects("osProfile.linuxConfiguration.ssh.publicKeys")) == 0 {
			return refuse(400, "InvalidParameter", "Authentication using either SSH or by user name and password must be enabled in Linux profile.")
		}
	} else if !p.Has("osProfile.adminPassword") {
		return refuse(400, "InvalidParameter", "Required parameter 'adminPassword' is missing (null).")
	}
	return nil
}

// maxCustomData is in bytes, decoded; ARM states it in characters of base64.
const maxCustomData = 65535

func customDataFits(t *simcloud.Transaction) error {
	text := t.After.Properties.Text("osProfile.customData")
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(decoded) > maxCustomData {
		return refuse(400, "InvalidParameter", "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters.")
	}
	return nil
}

func dataDisksFit(t *simcloud.Transaction) error {
	luns := map[float64]bool{}
	for _, d := range t.After.Properties.Objects("storageProfile.dataDisks") {
		if luns[d.Number("lun")] {
			return refuse(400, "InvalidParameter", "A disk named '%s' already uses the same LUN: %v.", d.Text("name"), d.Number("lun"))
		}
		luns[d.Number("lun")] = true
		if d.Text("createOption") != "Attach" {
			return refuse(400, "SimulatedCloudLimit", "The simulated Azure makes no data disks with a VM: make an azure-native:compute:Disk and attach it (createOption Attach) to VM %s.", nameOf(t.After.ID))
		}
		r, ok := t.World.Get(d.Text("managedDisk.id"))
		if !ok {
			return refuse(400, "InvalidParameter", "Required parameter 'dataDisk.managedDisk.id' is missing (null).")
		}
		if err := attachable(t, r); err != nil {
			return err
		}
	}
	return nil
}

func attachable(t *simcloud.Transaction, disk *simcloud.Resource) error {
	if t.Before != nil && t.World.Same(disk.ID, t.Before.Properties.Text("storageProfile.osDisk.managedDisk.id")) {
		return refuse(409, "ConflictingUserInput", "Disk '%s' cannot be attached as the disk is already the OS disk of VM '%s'.", disk.ID, t.After.ID)
	}
	if holder := holderOf(t.World, disk.ID); holder != "" && !t.World.Same(holder, t.After.ID) {
		return refuse(409, "ConflictingUserInput", "Disk '%s' cannot be attached as the disk is already owned by VM '%s'.", disk.ID, holder)
	}
	theirs, ours := fmt.Sprint(disk.Properties.Texts("zones")), fmt.Sprint(t.After.Properties.Texts("zones"))
	if theirs != ours {
		return refuse(400, "BadRequest", "Disk %s cannot be attached to the VM because it is not in the same zone: the disk is in zones %s, VM %s in zones %s.", disk.ID, theirs, nameOf(t.After.ID), ours)
	}
	return sameRegion(t, disk)
}

func computeMachine(t *simcloud.Transaction) error {
	if !t.Creating() {
		return nil
	}
	t.After.Computed["vmId"] = identifiers.GUID(t.Unique("vm"))
	t.After.Computed["timeCreated"] = time.Now().UTC().Format(time.RFC3339)
	resolveImage(t)
	return makeOSDisk(t)
}

// machineOutputs leaves out of a machine's login what ARM never shows again, and adds the version of its image.
func machineOutputs(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
	shown := simcloud.Properties{}
	if profile := r.Properties.Object("osProfile").Clone(); profile != nil {
		delete(profile, "customData")
		delete(profile, "adminPassword")
		shown["osProfile"] = map[string]any(profile)
	}
	if profile := shownProfile(r); profile != nil {
		shown["storageProfile"] = profile
	}
	return shown
}
