package aws

import (
	"cmp"

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
		Iops:             optional(plan.iops()),
		Throughput:       optional(plan.throughput()),
		Encrypted:        pulumi.Bool(true),
		KmsKeyId:         optionalText(plan.KMSKey),
		Tags:             named(args.Tags, m.Name+"-data", nil),
	}, pulumi.Parent(parent), pulumi.Protect(!args.Retired(m)))
}

// iops and throughput are what the volume is to have, also where a gp3 begins with it: what is not said the provider leaves as it
// was, or sends to a new type, which EBS may refuse.
func (d DiskPlan) iops() int { return d.or(d.IOPS, diskIOPS["gp3"][0]) }

func (d DiskPlan) throughput() int { return d.or(d.Throughput, leastThroughput) }

// or is what a gp3 begins with where nothing is given, and nothing for another type.
func (d DiskPlan) or(given, begins int) int {
	if d.Type != "gp3" {
		return given
	}
	return cmp.Or(given, begins)
}

// attach gives a machine its data volume. An attachment goes with its machine, which is shut down first, Kafka with it: nobody detaches.
// Detaching from a machine that is gone already, after a kill or by hand, the provider fails. Who detaches all the same has the machine
// stopped: detaching what is mounted hangs.
func attach(ctx *pulumi.Context, m *rolling.Machine, vm *ec2.Instance, volume *ebs.Volume, parent pulumi.Resource) (*ec2.VolumeAttachment, error) {
	return ec2.NewVolumeAttachment(ctx, m.Resource+"-attachment", &ec2.VolumeAttachmentArgs{
		DeviceName:                  pulumi.String(dataDevice),
		InstanceId:                  vm.ID(),
		VolumeId:                    volume.ID(),
		StopInstanceBeforeDetaching: pulumi.Bool(true),
	}, pulumi.Parent(parent), pulumi.DeleteBeforeReplace(true), pulumi.RetainOnDelete(true), timeouts())
}
