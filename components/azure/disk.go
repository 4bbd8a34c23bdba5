package azure

import (
	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// newDataDisk holds what must outlive everything else; nothing but an explicit order deletes it.
func newDataDisk(ctx *pulumi.Context, m *rolling.Machine, args *BrokersArgs, parent pulumi.Resource) (*compute.Disk, error) {
	n := m.Host.Node
	return compute.NewDisk(ctx, m.Resource+"-data", &compute.DiskArgs{
		ResourceGroupName:   args.ResourceGroupName,
		DiskName:            pulumi.String(dataDiskName(m.Name)),
		Zones:               zones(n),
		CreationData:        &compute.CreationDataArgs{CreateOption: pulumi.String("Empty")},
		DiskSizeGB:          pulumi.Int(args.Plan.DataDisk.SizeGiB),
		Sku:                 &compute.DiskSkuArgs{Name: pulumi.String(args.Plan.DataDisk.SKU)},
		Encryption:          encryption(args.Plan.DataDisk),
		NetworkAccessPolicy: pulumi.String("DenyAll"), // no export by URL
		PublicNetworkAccess: pulumi.String("Disabled"),
		Tags:                pulumi.ToStringMap(args.Tags),
	}, pulumi.Parent(parent), pulumi.Protect(!args.Retired(m)))
}

// dataDiskName is the name of the data disk of a machine.
func dataDiskName(machine string) string { return diskRule.Fit(machine + "-data") }

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
