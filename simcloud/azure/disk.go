package azure

import (
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenDisk = "azure-native:compute:Disk"

func disk() armType {
	return armType{path: "Microsoft.Compute/disks/{diskName}", names: diskNames, Kind: simcloud.Kind{
		Token:    tokenDisk,
		Duration: 5 * time.Second,
		Enums: map[string][]string{
			"creationData.createOption": {"Empty", "Attach", "FromImage", "Import", "Copy", "Restore", "Upload", "CopyStart", "ImportSecure", "UploadPreparedSecure"},
			"sku.name":                  {"Standard_LRS", "Premium_LRS", "StandardSSD_LRS", "UltraSSD_LRS", "Premium_ZRS", "StandardSSD_ZRS", "PremiumV2_LRS"},
			"encryption.type":           {"EncryptionAtRestWithPlatformKey", "EncryptionAtRestWithCustomerKey", "EncryptionAtRestWithPlatformAndCustomerKeys"},
			"networkAccessPolicy":       {"AllowAll", "AllowPrivate", "DenyAll"},
			"publicNetworkAccess":       {"Enabled", "Disabled"},
			"osType":                    {"Windows", "Linux"},
			"zones[]":                   zones,
		},
		Ranges: map[string]simcloud.Range{"diskSizeGB": {Min: 1, Max: 65536}},
		Defaults: func(p simcloud.Properties) {
			p.Default("sku.name", "Standard_LRS")
			p.Default("encryption.type", "EncryptionAtRestWithPlatformKey")
			p.Default("networkAccessPolicy", "AllowAll")
			p.Default("publicNetworkAccess", "Enabled")
		},
		Rules: []simcloud.Rule{diskMade, diskChanged},
		Compute: func(t *simcloud.Transaction) error {
			if t.Creating() {
				t.After.Computed["uniqueId"] = identifiers.GUID(t.Unique("disk"))
				t.After.Computed["timeCreated"] = time.Now().UTC().Format(time.RFC3339)
			}
			t.After.Computed["diskSizeBytes"] = t.After.Properties.Number("diskSizeGB") * (1 << 30)
			return nil
		},
		DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
			if machine := holderOf(t.World, t.Before.ID); machine != "" {
				return refuse(409, "OperationNotAllowed", "Disk %s is attached to VM %s.", nameOf(t.Before.ID), machine)
			}
			return nil
		}},
		Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
			if machine := holderOf(view, r.ID); machine != "" {
				return simcloud.Properties{"diskState": "Attached", "managedBy": machine}
			}
			return simcloud.Properties{"diskState": "Unattached"}
		},
	}}
}

// holderOf is the id of the machine that a disk is attached to, or "".
func holderOf(view simcloud.View, disk string) string {
	for _, user := range view.Referrers(disk) {
		if user.Resource.Type == tokenVirtualMachine {
			return user.Resource.ID
		}
	}
	return ""
}

func diskMade(t *simcloud.Transaction) error {
	p := t.After.Properties
	if p.Text("creationData.createOption") == "Empty" && !p.Has("diskSizeGB") {
		return refuse(400, "InvalidParameter", "Required parameter 'disk.diskSizeGB' is missing (null).")
	}
	if len(p.Texts("zones")) > 1 {
		return refuse(400, "InvalidParameter", "Disk %s can be in at most one zone, it names %v.", nameOf(t.After.ID), p.Texts("zones"))
	}
	return nil
}

func diskChanged(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	if t.Changes("creationData") {
		return propertyChangeNotAllowed("creationData")
	}
	if t.Changes("zones") {
		return refuse(400, "BadRequest", "Availability zone must not be changed on existing resource '%s'. Existing zone(s): %v. Requested zone(s): %v.", nameOf(t.After.ID), t.Before.Properties.Texts("zones"), t.After.Properties.Texts("zones"))
	}
	if t.After.Properties.Number("diskSizeGB") < t.Before.Properties.Number("diskSizeGB") {
		return refuse(400, "BadRequest", "Reducing disk size is not supported. Current size is %v GB, requested size is %v GB.", t.Before.Properties.Number("diskSizeGB"), t.After.Properties.Number("diskSizeGB"))
	}
	if machine, ok := t.World.Get(holderOf(t.World, t.After.ID)); ok && runs(machine) && crossesEdge(t) {
		return refuse(409, "OperationNotAllowed", "Cannot resize disk %s from %v GB to %v GB while it is attached to running VM %s. Please stop and deallocate the VM.",
			nameOf(t.After.ID), t.Before.Properties.Number("diskSizeGB"), t.After.Properties.Number("diskSizeGB"), machine.ID)
	}
	if machine := holderOf(t.World, t.After.ID); machine != "" && t.Changes("sku.name") {
		return refuse(409, "OperationNotAllowed", "Cannot change the sku of disk %s while it is attached to running VM %s.", nameOf(t.After.ID), machine)
	}
	return nil
}

// crossesEdge says whether a disk grows beyond 4 TiB, which one of the newer kinds alone does while it is in use.
func crossesEdge(t *simcloud.Transaction) bool {
	const edge = 4096
	switch t.After.Properties.Text("sku.name") {
	case "PremiumV2_LRS", "UltraSSD_LRS":
		return false
	}
	return t.Before.Properties.Number("diskSizeGB") <= edge && t.After.Properties.Number("diskSizeGB") > edge
}

// propertyChangeNotAllowed is ARM's answer to a change in place that it does not make.
func propertyChangeNotAllowed(property string) error {
	return refuse(409, "PropertyChangeNotAllowed", "Changing property '%s' is not allowed.", property)
}
