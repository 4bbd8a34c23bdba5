package azure

import (
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

// makeOSDisk makes a machine's OS disk along with it: a resource of its own, which stays behind when the
// machine goes, unless osDisk.deleteOption says Delete.
func makeOSDisk(t *simcloud.Transaction) error {
	p := t.After.Properties
	if p.Text("storageProfile.osDisk.createOption") != "FromImage" {
		return nil
	}
	p.Default("storageProfile.osDisk.name", nameOf(t.After.ID)+"_OsDisk_1_"+t.Unique("osDisk"))
	id := groupOf(t.After.ID) + "/providers/Microsoft.Compute/disks/" + p.Text("storageProfile.osDisk.name")
	if _, exists := t.World.Get(id); exists {
		return refuse(409, "ConflictingUserInput", "Disk %s already exists in resource group %s. Only CreateOption.Attach is supported.", nameOf(id), nameOf(groupOf(id)))
	}
	p.Set("storageProfile.osDisk.managedDisk.id", id)
	const imageSizeGB = 30.0 // of Ubuntu's images
	p.Default("storageProfile.osDisk.diskSizeGB", imageSizeGB)
	p.Default("storageProfile.osDisk.managedDisk.storageAccountType", "Standard_LRS")
	properties := simcloud.Properties{
		"location": p["location"], "osType": "Linux", "diskSizeGB": p.Get("storageProfile.osDisk.diskSizeGB"),
		"sku": map[string]any{"name": p.Text("storageProfile.osDisk.managedDisk.storageAccountType")}, "creationData": map[string]any{"createOption": "FromImage"},
	}
	if p.Has("zones") {
		properties["zones"] = p["zones"]
	}
	disk().Defaults(properties)
	t.Put(&simcloud.Resource{ID: id, Type: tokenDisk, Parent: groupOf(id), Properties: properties.Clone(), Computed: simcloud.Properties{
		"uniqueId": identifiers.GUID(t.Unique("osDiskId")), "timeCreated": t.After.Computed["timeCreated"],
	}})
	return nil
}

// takeAlong deletes with a machine what it was told to delete with it.
func takeAlong(t *simcloud.Transaction) error {
	p := t.Before.Properties
	if p.Text("storageProfile.osDisk.deleteOption") == "Delete" {
		t.Remove(p.Text("storageProfile.osDisk.managedDisk.id"))
	}
	for _, d := range p.Objects("storageProfile.dataDisks") {
		if d.Text("deleteOption") == "Delete" {
			t.Remove(d.Text("managedDisk.id"))
		}
	}
	for _, nic := range p.Objects("networkProfile.networkInterfaces") {
		if nic.Text("deleteOption") == "Delete" {
			t.Remove(nic.Text("id"))
		}
	}
	return nil
}
