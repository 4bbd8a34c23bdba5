package azure_test

import (
	"encoding/base64"
)

var unregistered = refusal(400, "InvalidParameter", "The property 'securityProfile.encryptionAtHost' is not valid because the 'Microsoft.Compute/EncryptionAtHost' feature is not enabled for this subscription.")

// computeRefusals are refusals of disks, machines and run commands.
func computeRefusals() map[string]situation {
	return map[string]situation{
		// disks
		"an empty disk without a size": {
			create("Disk", "x", with(dataDisk("x", "1"), "diskSizeGB", nil)),
			refusal(400, "InvalidParameter", "Required parameter 'disk.diskSizeGB' is missing (null)."),
		},
		"a disk in two zones": {
			create("Disk", "x", with(dataDisk("x", "1"), "zones", list{"1", "2"})),
			refusal(400, "InvalidParameter", "Disk x can be in at most one zone, it names [1 2]."),
		},
		"a disk that shrinks": {
			update("disk1", with(dataDisk("disk1", "1"), "diskSizeGB", 32)),
			refusal(400, "BadRequest", "Reducing disk size is not supported. Current size is 64 GB, requested size is 32 GB."),
		},
		"a disk that outgrows 4 TiB in use": {
			update("disk1", with(dataDisk("disk1", "1"), "diskSizeGB", 4097)),
			refusal(409, "OperationNotAllowed", "Cannot resize disk disk1 from 64 GB to 4097 GB while it is attached to running VM ~Microsoft.Compute/virtualMachines/vm1. Please stop and deallocate the VM."),
		},
		"a disk that changes zones": {
			update("disk1", dataDisk("disk1", "2")),
			refusal(400, "BadRequest", "Availability zone must not be changed on existing resource 'disk1'. Existing zone(s): [1]. Requested zone(s): [2]."),
		},
		"another origin for a disk": {
			update("disk1", with(dataDisk("disk1", "1"), "creationData.createOption", "Copy")),
			refusal(409, "PropertyChangeNotAllowed", "Changing property 'creationData' is not allowed."),
		},
		"another sku for an attached disk": {
			update("disk1", with(dataDisk("disk1", "1"), "sku.name", "Premium_LRS")),
			refusal(409, "OperationNotAllowed", "Cannot change the sku of disk disk1 while it is attached to running VM ~Microsoft.Compute/virtualMachines/vm1."),
		},
		"an attached disk": {
			remove("disk1"),
			refusal(409, "OperationNotAllowed", "Disk disk1 is attached to VM ~Microsoft.Compute/virtualMachines/vm1."),
		},

		// machines
		"other user-data in place": {
			update("vm1", inVM1("osProfile.customData", "AAAA")),
			refusal(409, "PropertyChangeNotAllowed", "Changing property 'osProfile.customData' is not allowed."),
		},
		"another image in place": {
			update("vm1", inVM1("storageProfile.imageReference.version", "24.04.9")),
			refusal(409, "PropertyChangeNotAllowed", "Changing property 'imageReference' is not allowed."),
		},
		"other keys in place": {
			update("vm1", inVM1("osProfile.linuxConfiguration.ssh.publicKeys", list{})),
			refusal(409, "PropertyChangeNotAllowed", "Changing property 'linuxConfiguration.ssh.publicKeys' is not allowed."),
		},
		"a size without a local disk in place": {
			update("vm1", inVM1("hardwareProfile.vmSize", "Standard_D2s_v5")),
			refusal(409, "OperationNotAllowed", "Unable to resize the VM 'vm1' since changing from resource disk to non-resource disk VM size and vice-versa is not allowed."),
		},
		"a size with NVMe disks in place": {
			update("vm1", inVM1("hardwareProfile.vmSize", "Standard_D2ds_v6")),
			refusal(409, "OperationNotAllowed", "Unable to resize the VM 'vm1': the disk controller type of VM size Standard_D2ds_v6 is not that of Standard_D2s_v3."),
		},
		"another security type in place": {
			update("vm1", inVM1("securityProfile.securityType", "TrustedLaunch")),
			refusal(409, "OperationNotAllowed", "'securityProfile.securityType' of VM vm1 can be changed only while it is deallocated."),
		},
		"encryption at host in place": {
			update("vm1", inVM1("securityProfile.encryptionAtHost", true)),
			unregistered,
		},
		"no encryption at host, said": {
			after(nic2, create("VirtualMachine", "x", with(with(machine("x", "nic2", "disk1", "1"), "storageProfile.dataDisks", list{}), "securityProfile.encryptionAtHost", false))),
			unregistered,
		},
		"a larger OS disk in place": {
			update("vm1", inVM1("storageProfile.osDisk.diskSizeGB", 64)),
			refusal(409, "OperationNotAllowed", "Cannot resize the OS disk of VM vm1 while it is running: resizing it requires the VM to be deallocated."),
		},
		"its own OS disk as a data disk": {
			update("vm1", inVM1("storageProfile.dataDisks", list{
				Map{"lun": 0, "createOption": "Attach", "managedDisk": Map{"id": prefix + "Microsoft.Compute/disks/vm1-os"}}})),
			refusal(409, "ConflictingUserInput", "Disk '~Microsoft.Compute/disks/vm1-os' cannot be attached as the disk is already the OS disk of VM '~Microsoft.Compute/virtualMachines/vm1'."),
		},
		"another zone in place": {
			update("vm1", inVM1("zones", list{"2"})),
			refusal(409, "PropertyChangeNotAllowed", "Changing property 'zones' is not allowed."),
		},
		"another interface in place": {
			after(nic2, update("vm1", machine("vm1", "nic2", "disk1", "1"))),
			refusal(409, "OperationNotAllowed", "Network interfaces of VM vm1 cannot be added or removed while it is running."),
		},
		"a size nobody knows": {
			update("vm1", inVM1("hardwareProfile.vmSize", "Standard_D2s")),
			refusal(400, "InvalidParameter", "The value Standard_D2s provided for the VM size is not valid."),
		},
		"an interface of another machine": {
			create("VirtualMachine", "x", with(machine("x", "nic1", "disk1", "1"), "storageProfile.dataDisks", list{})),
			refusal(400, "NicInUse", "Network Interface ~Microsoft.Network/networkInterfaces/nic1 is used by existing resource ~Microsoft.Compute/virtualMachines/vm1."),
		},
		"a disk of another machine": {
			after(nic2, create("VirtualMachine", "x", machine("x", "nic2", "disk1", "1"))),
			refusal(409, "ConflictingUserInput", "Disk '~Microsoft.Compute/disks/disk1' cannot be attached as the disk is already owned by VM '~Microsoft.Compute/virtualMachines/vm1'."),
		},
		"a disk of another zone": {
			after(nic2, after(create("Disk", "disk2", dataDisk("disk2", "2")), create("VirtualMachine", "x", machine("x", "nic2", "disk2", "1")))),
			refusal(400, "BadRequest", "Disk ~Microsoft.Compute/disks/disk2 cannot be attached to the VM because it is not in the same zone: the disk is in zones [2], VM x in zones [1]."),
		},
		"two disks on one LUN": {
			after(create("Disk", "disk2", dataDisk("disk2", "1")), update("vm1", inVM1("storageProfile.dataDisks", list{
				Map{"lun": 0, "createOption": "Attach", "managedDisk": Map{"id": prefix + "Microsoft.Compute/disks/disk1"}},
				Map{"lun": 0, "createOption": "Attach", "name": "disk2", "managedDisk": Map{"id": prefix + "Microsoft.Compute/disks/disk2"}}}))),
			refusal(400, "InvalidParameter", "A disk named 'disk2' already uses the same LUN: 0."),
		},
		"a machine without an interface": {
			create("VirtualMachine", "x", with(machine("x", "nic1", "disk1", "1"), "networkProfile", nil)),
			refusal(400, "InvalidParameter", "VM x must have at least one network interface."),
		},
		"a machine in two zones": {
			create("VirtualMachine", "x", with(machine("x", "nic1", "disk1", "1"), "zones", list{"1", "2"})),
			refusal(400, "InvalidParameter", "VM x can be in at most one zone, it names [1 2]."),
		},
		"a machine without an image": {
			after(nic2, create("VirtualMachine", "x", with(machine("x", "nic2", "disk1", "1"), "storageProfile.imageReference", Map{"publisher": "Canonical"}))),
			refusal(400, "InvalidParameter", "Required parameter 'imageReference' is missing (null), or it has neither an id nor publisher, offer, sku and version."),
		},
		"a machine nobody can enter": {
			after(nic2, create("VirtualMachine", "x", with(machine("x", "nic2", "disk1", "1"), "osProfile.linuxConfiguration.ssh.publicKeys", list{}))),
			refusal(400, "InvalidParameter", "Authentication using either SSH or by user name and password must be enabled in Linux profile."),
		},
		"a machine without a password": {
			after(nic2, create("VirtualMachine", "x", with(machine("x", "nic2", "disk1", "1"), "osProfile.linuxConfiguration", Map{}))),
			refusal(400, "InvalidParameter", "Required parameter 'adminPassword' is missing (null)."),
		},
		"a machine without a user": {
			after(nic2, create("VirtualMachine", "x", with(machine("x", "nic2", "disk1", "1"), "osProfile", Map{"computerName": "x"}))),
			refusal(400, "InvalidParameter", "Required parameter 'osProfile.adminUsername' is missing (null)."),
		},
		"user-data that is too long": {
			after(nic2, create("VirtualMachine", "x", with(machine("x", "nic2", "disk1", "1"), "osProfile.customData", base64.StdEncoding.EncodeToString(make([]byte, 65536))))),
			refusal(400, "InvalidParameter", "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters."),
		},
		"user-data in the clear": {
			after(nic2, create("VirtualMachine", "x", with(machine("x", "nic2", "disk1", "1"), "osProfile.customData", "#cloud-config"))),
			refusal(400, "InvalidParameter", "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters."),
		},
		"the name of an OS disk left behind": {
			after(nic2, create("VirtualMachine", "x", with(with(machine("x", "nic2", "disk1", "1"), "storageProfile.osDisk.name", "disk1"), "storageProfile.dataDisks", list{}))),
			refusal(409, "ConflictingUserInput", "Disk disk1 already exists in resource group rg. Only CreateOption.Attach is supported."),
		},

		// run commands
		"a command without a machine": {
			create("RunCommand", "x", with(command("true"), "vmName", "nowhere")),
			refusal(404, "ResourceNotFound", "The Resource 'Microsoft.Compute/virtualMachines/nowhere' under resource group 'rg' was not found."),
		},
		"a command without a script": {
			create("RunCommand", "x", with(command("true"), "source", nil)),
			refusal(400, "InvalidParameter", "Run command configure must have exactly one of source.script, source.scriptUri and source.commandId, it has 0."),
		},
		"a command in another region": {
			create("RunCommand", "x", with(command("true"), "location", "westus")),
			refusal(400, "InvalidResourceReference", "Resource ~Microsoft.Compute/virtualMachines/vm1 referenced by resource ~Microsoft.Compute/virtualMachines/vm1/runCommands/configure was not found. Please make sure that the referenced resource exists, and that both resources are in the same region: they are in eastus and westus."),
		},
	}
}
