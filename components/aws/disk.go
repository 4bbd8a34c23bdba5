package aws

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// newDataDisk holds what must outlive everything else; nothing but an explicit order deletes it.
func newDataDisk(ctx *pulumi.Context, m *rolling.Machine, args *BrokersArgs, parent pulumi.Resource) (*ebs.Volume, error) {
	plan := args.Plan.DataDisk
	return ebs.NewVolume(ctx, m.Resource+"-data", &ebs.VolumeArgs{
		AvailabilityZone: pulumi.String(args.ZoneNames[m.Host.Node.Zone]),
		Size:             pulumi.Int(plan.SizeGiB),
		Type:             pulumi.String(plan.Type),
		Iops:             optional(plan.IOPS),
		Throughput:       optional(plan.Throughput),
		Encrypted:        pulumi.Bool(true),
		KmsKeyId:         optionalText(plan.KMSKey),
		Tags:             named(args.Tags, m.Name+"-data", nil),
	}, pulumi.Parent(parent), pulumi.Protect(!args.Retired(m)))
}

// attach gives a machine its data volume. Before it is taken away the machine is stopped, Kafka with it: detaching what is
// mounted hangs.
func attach(ctx *pulumi.Context, m *rolling.Machine, vm *ec2.Instance, volume *ebs.Volume, parent pulumi.Resource) (*ec2.VolumeAttachment, error) {
	return ec2.NewVolumeAttachment(ctx, m.Resource+"-attachment", &ec2.VolumeAttachmentArgs{
		DeviceName:                  pulumi.String(dataDevice),
		InstanceId:                  vm.ID(),
		VolumeId:                    volume.ID(),
		StopInstanceBeforeDetaching: pulumi.Bool(true),
	}, pulumi.Parent(parent), pulumi.DeleteBeforeReplace(true), timeouts())
}
