package azure

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// machine is one node's virtual machine, planned and then made.
type machine struct {
	name     string // of its resources, "<brokers>-<node id>"
	vmName   string
	host     host.Machine
	userData string
	// digest identifies what reboots or replaces the machine. A configuration carries it, so that such a change is
	// followed by that broker's gate before the next machine is touched.
	digest string
	vm     *compute.VirtualMachine
}

// replacingChanges are the inputs whose change ARM refuses, some with 409 PropertyChangeNotAllowed, encryption at host on
// a machine that runs. The provider would try them in place; the machine has to be replaced.
var replacingChanges = []string{
	"location", "osProfile", "securityProfile", "storageProfile.imageReference", "storageProfile.osDisk", "zones",
}

// planMachines plans the nodes' machines in the order in which they may be restarted.
func planMachines(brokers string, args *BrokersArgs) ([]*machine, error) {
	var machines []*machine
	for _, n := range args.Cluster.RestartOrder() {
		m := &machine{
			name:   brokers + "-" + itoa(n.ID),
			vmName: args.Plan.MachineName(n),
			host:   host.Machine{Cluster: args.Cluster, Node: n, Config: args.Hosts, Disk: host.Disk{Paths: dataDiskPaths}},
		}
		var err error
		if m.userData, err = host.UserData(m.host); err != nil {
			return nil, err
		}
		if err := host.CheckUserDataSize("azure", m.userData); err != nil {
			return nil, err
		}
		m.digest = digest(args.Plan, m.vmName, m.userData, n.Zone)
		machines = append(machines, m)
	}
	return machines, nil
}

// register makes the machine with its interface and data disk. The machine, and the interface that carries the node's
// address, wait for what comes before them in the chain.
func (m *machine) register(ctx *pulumi.Context, args *BrokersArgs, after step, parent pulumi.Resource) error {
	nic, err := newInterface(ctx, m, args, after, parent)
	if err != nil {
		return err
	}
	disk, err := newDataDisk(ctx, m, args, parent)
	if err != nil {
		return err
	}
	m.vm, err = compute.NewVirtualMachine(ctx, m.name+"-vm", virtualMachine(m, args, nic, disk),
		pulumi.Parent(parent),
		after.gate(),
		// The name, the address and the disk are the broker's own and can be held by one machine at a time.
		pulumi.DeleteBeforeReplace(true),
		pulumi.ReplaceOnChanges(replacingChanges),
	)
	return err
}

func virtualMachine(m *machine, args *BrokersArgs, nic *network.NetworkInterface, disk *compute.Disk) *compute.VirtualMachineArgs {
	plan := args.Plan
	image := strings.Split(plan.Image, ":")
	return &compute.VirtualMachineArgs{
		ResourceGroupName: args.ResourceGroupName,
		VmName:            pulumi.String(m.vmName),
		Zones:             zones(m.host.Node),
		HardwareProfile:   &compute.HardwareProfileArgs{VmSize: pulumi.String(plan.Size)},
		OsProfile: &compute.OSProfileArgs{
			ComputerName:  pulumi.String(m.vmName),
			AdminUsername: pulumi.String(plan.AdminUser),
			CustomData:    pulumi.String(base64.StdEncoding.EncodeToString([]byte(m.userData))),
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
				Publisher: pulumi.String(image[0]), Offer: pulumi.String(image[1]), Sku: pulumi.String(image[2]), Version: pulumi.String(image[3]),
			},
			OsDisk: &compute.OSDiskArgs{
				Name:         pulumi.String(diskRule.fit(m.vmName + "-os")),
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
		SecurityProfile: &compute.SecurityProfileArgs{
			EncryptionAtHost: pulumi.Bool(plan.EncryptionAtHost),
			SecurityType:     pulumi.String("TrustedLaunch"),
			UefiSettings:     &compute.UefiSettingsArgs{SecureBootEnabled: pulumi.Bool(true), VTpmEnabled: pulumi.Bool(true)},
		},
		DiagnosticsProfile: &compute.DiagnosticsProfileArgs{BootDiagnostics: &compute.BootDiagnosticsArgs{Enabled: pulumi.Bool(true)}},
		Tags:               pulumi.ToStringMap(tagged(args.Tags, digestTag, m.digest)),
	}
}

func zones(n kafka.Node) pulumi.StringArray {
	if n.Zone == "" {
		return nil
	}
	return pulumi.StringArray{pulumi.String(n.Zone)}
}

// digest identifies plain values.
func digest(inputs ...any) string {
	text, err := json.Marshal(inputs)
	if err != nil { // plain structs of strings, numbers and booleans
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
