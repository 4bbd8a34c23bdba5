package azure

import (
	"slices"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newDataDisk holds what must outlive everything else; nothing but an explicit order deletes it.
func newDataDisk(ctx *pulumi.Context, m *machine, args *BrokersArgs, parent pulumi.Resource) (*compute.Disk, error) {
	n := m.host.Node
	return compute.NewDisk(ctx, m.name+"-data", &compute.DiskArgs{
		ResourceGroupName:   args.ResourceGroupName,
		DiskName:            pulumi.String(diskRule.fit(m.vmName + "-data")),
		Zones:               zones(n),
		CreationData:        &compute.CreationDataArgs{CreateOption: pulumi.String("Empty")},
		DiskSizeGB:          pulumi.Int(args.Plan.DataDisk.SizeGiB),
		Sku:                 &compute.DiskSkuArgs{Name: pulumi.String(args.Plan.DataDisk.SKU)},
		Encryption:          encryption(args.Plan.DataDisk),
		NetworkAccessPolicy: pulumi.String("DenyAll"), // no export by URL
		PublicNetworkAccess: pulumi.String("Disabled"),
		Tags:                pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(parent), pulumi.Protect(!slices.Contains(args.Retire, n.ID)))
}

func encryption(d DiskPlan) *compute.EncryptionArgs {
	if d.EncryptionSet == "" {
		return &compute.EncryptionArgs{Type: pulumi.String("EncryptionAtRestWithPlatformKey")}
	}
	return &compute.EncryptionArgs{
		Type: pulumi.String("EncryptionAtRestWithCustomerKey"), DiskEncryptionSetId: pulumi.String(d.EncryptionSet),
	}
}

func managedOSDisk(d DiskPlan) *compute.ManagedDiskParametersArgs {
	args := &compute.ManagedDiskParametersArgs{StorageAccountType: pulumi.String(d.SKU)}
	if d.EncryptionSet != "" {
		args.DiskEncryptionSet = &compute.DiskEncryptionSetParametersArgs{Id: pulumi.String(d.EncryptionSet)}
	}
	return args
}
