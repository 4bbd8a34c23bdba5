package aws

import (
	"encoding/base64"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// MostUserData is how many bytes of user-data EC2 takes, before base64.
const MostUserData = 16 * 1024

// Plan is the instance of a node.
func (s machines) Plan(n kafka.Node) rolling.Plan {
	return rolling.Plan{
		Name: s.BrokersArgs.Plan.MachineName(n), DiskPaths: dataDiskPaths,
		Cloud: "aws", MostUserData: MostUserData, MostPayload: mostPayload, Written: escaped, Inputs: s.BrokersArgs.Plan,
		MadeFrom: []any{s.BrokersArgs.Plan.replacing(), n.Address},
	}
}

// replacing are the inputs of machines that AWS changes by replacing them: all but what changes in place.
func (p MachinePlan) replacing() any {
	return MachinePlan{Image: p.Image, KeyPair: p.KeyPair, AdminPublicKey: p.AdminPublicKey, OSDisk: DiskPlan{KMSKey: p.OSDisk.KMSKey}}
}

// Register makes the machine with its interface, data volume and role.
func (s machines) Register(ctx *pulumi.Context, m *rolling.Machine, after pulumi.ResourceOption, parent pulumi.Resource) (rolling.Registered, error) {
	nic, err := newInterface(ctx, m, s.BrokersArgs, after, parent)
	if err != nil {
		return rolling.Registered{}, err
	}
	volume, err := newDataDisk(ctx, m, s.BrokersArgs, parent)
	if err != nil {
		return rolling.Registered{}, err
	}
	profile, policy, err := s.newProfile(ctx, m, parent)
	if err != nil {
		return rolling.Registered{}, err
	}
	image, err := s.imageOf(m)
	if err != nil {
		return rolling.Registered{}, err
	}
	reports, err := s.newReports(ctx, m, parent)
	if err != nil {
		return rolling.Registered{}, err
	}
	vm, err := ec2.NewInstance(ctx, m.Resource+"-vm", instance(m, s.BrokersArgs, image, nic.ID(), profile.Name),
		pulumi.Parent(parent),
		after,
		// The agent of Systems Manager asks for the policy at boot; the volume can be deleted once the machine is.
		pulumi.DependsOn(append(reports, policy, volume)),
		// The address and the volume are the broker's own and can be held by one machine at a time.
		pulumi.DeleteBeforeReplace(true),
		timeouts(),
	)
	if err != nil {
		return rolling.Registered{}, err
	}
	attached, err := attach(ctx, m, vm, volume, parent)
	if err != nil {
		return rolling.Registered{}, err
	}
	return rolling.Registered{Machine: vm, ID: vm.ID().ToStringOutput(), Complete: []pulumi.Resource{vm, attached}}, nil
}

// timeouts leave Kafka the time that it takes to stop.
func timeouts() pulumi.ResourceOption {
	return pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "20m", Update: "30m", Delete: "30m"})
}

// nodeTag tells a machine's node.
const nodeTag = "kafkalink-node"

// nodeKey tells a node from those of other clusters.
func nodeKey(c *kafka.Cluster, n kafka.Node) string { return fmt.Sprintf("%s/%d", c.ID, n.ID) }

func instance(m *rolling.Machine, args *BrokersArgs, image string, nic pulumi.IDOutput, profile pulumi.StringInput) *ec2.InstanceArgs {
	plan := args.Plan
	return &ec2.InstanceArgs{
		Ami:                pulumi.String(image),
		InstanceType:       pulumi.String(plan.Type),
		IamInstanceProfile: profile,
		KeyName:            args.KeyPair,
		NetworkInterfaces: ec2.InstanceNetworkInterfaceArray{&ec2.InstanceNetworkInterfaceArgs{
			NetworkInterfaceId: nic, DeviceIndex: pulumi.Int(0),
		}},
		UserDataBase64: pulumi.String(base64.StdEncoding.EncodeToString([]byte(m.UserData))),
		// Otherwise the machine is stopped and started, and does not read its user-data again.
		UserDataReplaceOnChange: pulumi.Bool(true),
		MetadataOptions:         metadataOptions(),
		RootBlockDevice: &ec2.InstanceRootBlockDeviceArgs{
			VolumeSize: pulumi.Int(plan.OSDisk.SizeGiB), VolumeType: pulumi.String(plan.OSDisk.Type),
			Iops: optional(plan.OSDisk.iops()), Throughput: optional(plan.OSDisk.throughput()),
			Encrypted: pulumi.Bool(true), KmsKeyId: optionalText(plan.OSDisk.KMSKey), DeleteOnTermination: pulumi.Bool(true),
			Tags: named(args.Tags, m.Name+"-os", nil),
		},
		Tags: named(args.Tags, m.Name, map[string]string{
			nodeTag: nodeKey(args.Cluster, m.Host.Node), rolling.DigestTag: m.Digest, rolling.MadeFromTag: m.MadeFrom,
		}),
	}
}

// metadataOptions let nobody read the machine's credentials who cannot ask for a token first, and nobody behind it.
func metadataOptions() *ec2.InstanceMetadataOptionsArgs {
	return &ec2.InstanceMetadataOptionsArgs{
		HttpEndpoint: pulumi.String("enabled"), HttpTokens: pulumi.String("required"), HttpPutResponseHopLimit: pulumi.Int(1),
	}
}

func optional(n int) pulumi.IntPtrInput {
	if n == 0 {
		return nil
	}
	return pulumi.Int(n)
}

func optionalText(s string) pulumi.StringPtrInput {
	if s == "" {
		return nil
	}
	return pulumi.String(s)
}
