package azure

import (
	"encoding/base64"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// replacingChanges are the inputs whose change ARM refuses, some with 409 PropertyChangeNotAllowed, encryption at host on
// a machine that runs, a size where the local disk or the disks' controller differs. The provider would try them in place; the
// machine has to be replaced.
var replacingChanges = []string{
	"hardwareProfile.vmSize", "location", "osProfile", "securityProfile", "storageProfile.imageReference", "storageProfile.osDisk", "zones",
}

// MostUserData is how many bytes of customData Azure takes, before base64.
const MostUserData = 65535

// Plan is the virtual machine of a node.
func (s machines) Plan(n kafka.Node) rolling.Plan {
	return rolling.Plan{
		Name: s.BrokersArgs.Plan.MachineName(n), DiskPaths: dataDiskPaths,
		Cloud: "azure", MostUserData: MostUserData, NeedsPower: true, Inputs: s.BrokersArgs.Plan, MadeFrom: s.BrokersArgs.Plan.replacing(n),
	}
}

// replacing are the inputs of a node's machine that Azure changes by replacing it: all but its data disk.
func (p MachinePlan) replacing(n kafka.Node) any {
	name := p.MachineName(n)
	p.Machines, p.DataDisk = naming.Machines{}, DiskPlan{}
	return []any{name, p}
}

// Register makes the machine with its interface and data disk.
func (s machines) Register(ctx *pulumi.Context, m *rolling.Machine, after pulumi.ResourceOption, parent pulumi.Resource) (rolling.Registered, error) {
	nic, err := newInterface(ctx, m, s.BrokersArgs, after, parent)
	if err != nil {
		return rolling.Registered{}, err
	}
	disk, err := newDataDisk(ctx, m, s.BrokersArgs, parent)
	if err != nil {
		return rolling.Registered{}, err
	}
	vm, err := compute.NewVirtualMachine(ctx, m.Resource+"-vm", virtualMachine(m, s.BrokersArgs, nic, disk),
		pulumi.Parent(parent),
		after,
		// The name, the address and the disk are the broker's own and can be held by one machine at a time.
		pulumi.DeleteBeforeReplace(true),
		pulumi.ReplaceOnChanges(replacingChanges),
	)
	if err != nil {
		return rolling.Registered{}, err
	}
	return rolling.Registered{Machine: vm, ID: vm.VmId, Complete: []pulumi.Resource{vm}}, nil
}

func virtualMachine(m *rolling.Machine, args *BrokersArgs, nic *network.NetworkInterface, disk *compute.Disk) *compute.VirtualMachineArgs {
	plan := args.Plan
	image := resourcemanager.ParseImage(plan.Image)
	return &compute.VirtualMachineArgs{
		ResourceGroupName: args.ResourceGroupName,
		VmName:            pulumi.String(m.Name),
		Zones:             zones(m.Host.Node),
		HardwareProfile:   &compute.HardwareProfileArgs{VmSize: pulumi.String(plan.Size)},
		OsProfile: &compute.OSProfileArgs{
			ComputerName:  pulumi.String(m.Name),
			AdminUsername: pulumi.String(plan.AdminUser),
			CustomData:    pulumi.String(base64.StdEncoding.EncodeToString([]byte(m.UserData))),
			LinuxConfiguration: &compute.LinuxConfigurationArgs{
				DisablePasswordAuthentication: pulumi.Bool(true),
				ProvisionVMAgent:              pulumi.Bool(true), // Run Command needs it
				PatchSettings: &compute.LinuxPatchSettingsArgs{ // no restart outside our gate
					PatchMode:      pulumi.String("ImageDefault"),
					AssessmentMode: pulumi.String("ImageDefault"),
				},
				Ssh: &compute.SshConfigurationArgs{PublicKeys: compute.SshPublicKeyTypeArray{&compute.SshPublicKeyTypeArgs{
					KeyData: pulumi.String(strings.TrimSpace(plan.AdminPublicKey)),
					Path:    pulumi.String("/home/" + plan.AdminUser + "/.ssh/authorized_keys"),
				}}},
			},
		},
		NetworkProfile: &compute.NetworkProfileArgs{NetworkInterfaces: compute.NetworkInterfaceReferenceArray{&compute.NetworkInterfaceReferenceArgs{
			Id: nic.ID(), Primary: pulumi.Bool(true), DeleteOption: pulumi.String("Detach"),
		}}},
		StorageProfile: &compute.StorageProfileArgs{
			ImageReference: &compute.ImageReferenceArgs{
				Publisher: pulumi.String(image.Publisher), Offer: pulumi.String(image.Offer), Sku: pulumi.String(image.SKU), Version: pulumi.String(image.Version),
			},
			// Azure names the system disk: one of a fixed name that an earlier machine left behind would keep the next from being made.
			OsDisk: &compute.OSDiskArgs{
				CreateOption: pulumi.String("FromImage"),
				DeleteOption: pulumi.String("Delete"),
				Caching:      compute.CachingTypesReadWrite,
				DiskSizeGB:   pulumi.Int(plan.OSDisk.SizeGiB),
				ManagedDisk:  managedOSDisk(plan.OSDisk),
			},
			DataDisks: compute.DataDiskArray{&compute.DataDiskArgs{
				Lun:          pulumi.Int(0),
				CreateOption: pulumi.String("Attach"),
				DeleteOption: pulumi.String("Detach"),
				Caching:      compute.CachingTypesNone, // a log is written once and read from the page cache
				ManagedDisk:  &compute.ManagedDiskParametersArgs{Id: disk.ID()},
			}},
		},
		SecurityProfile:    securityProfile(plan),
		DiagnosticsProfile: &compute.DiagnosticsProfileArgs{BootDiagnostics: &compute.BootDiagnosticsArgs{Enabled: pulumi.Bool(true)}},
		Tags:               pulumi.ToStringMap(naming.Overlay(args.Tags, map[string]string{rolling.DigestTag: m.Digest, rolling.MadeFromTag: m.MadeFrom})),
	}
}

// securityProfile leaves encryption at host out unless it is wanted: where the subscription has not registered the
// feature, Azure refuses the property even if it is false.
func securityProfile(plan MachinePlan) *compute.SecurityProfileArgs {
	profile := &compute.SecurityProfileArgs{
		SecurityType: pulumi.String("TrustedLaunch"),
		UefiSettings: &compute.UefiSettingsArgs{SecureBootEnabled: pulumi.Bool(true), VTpmEnabled: pulumi.Bool(true)},
	}
	if plan.EncryptionAtHost {
		profile.EncryptionAtHost = pulumi.Bool(true)
	}
	return profile
}
