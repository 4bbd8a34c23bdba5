package aws

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

const portSSH = 22

// bastionTag tells which cluster's bastion a machine is.
const bastionTag = "kafkalink-bastion"

// bastion makes a machine with a public address from which brokers admit SSH. It holds nothing. The address comes with its
// subnet: asked for of the machine, it would be missing while that is switched off, and replace it.
func (n *Network) bastion(ctx *pulumi.Context, name string, args *NetworkArgs) error {
	plan := args.Plan.Bastion
	group, err := newSecurityGroup(ctx, name+"-bastion-security-group", plan.Name, "Bastion of the Kafka cluster "+args.Cluster.Name, n.VPCID, args.Tags, n)
	if err != nil {
		return err
	}
	bastion, ssh := group.ID().ToStringOutput(), span{portSSH, portSSH}
	for _, cidr := range plan.From {
		if _, err := admit(ctx, name+"-bastion-from-"+keyOf(cidr), bastion, peer{cidr: cidr}, ssh, "operators", args.Tags, n); err != nil {
			return err
		}
	}
	if _, err := letOut(ctx, name+"-bastion-to-brokers", bastion, peer{group: n.SecurityGroupID}, ssh, "SSH to the brokers", args.Tags, n); err != nil {
		return err
	}
	if _, err := admit(ctx, name+"-from-bastion", n.SecurityGroupID, peer{group: bastion}, ssh, "SSH from the bastion", args.Tags, n); err != nil {
		return err
	}
	tags := map[string]string{bastionTag: args.Cluster.ID, rolling.MadeFromTag: rolling.Digest(args.Machines.replacing())}
	image, err := imageOfBastion(ctx, args.Machines.Image, tags, pulumi.Parent(n))
	if err != nil {
		return err
	}
	_, err = ec2.NewInstance(ctx, name+"-bastion", &ec2.InstanceArgs{
		Ami: pulumi.String(image), InstanceType: pulumi.String(plan.Type), KeyName: args.KeyPair,
		SubnetId: n.publicSubnetID, VpcSecurityGroupIds: pulumi.StringArray{bastion},
		MetadataOptions: metadataOptions(), RootBlockDevice: &ec2.InstanceRootBlockDeviceArgs{Encrypted: pulumi.Bool(true)},
		Tags: named(args.Tags, plan.Name, tags),
	}, pulumi.Parent(n))
	return err
}

// imageOfBastion is the id of the image that the bastion has, if it stays, or of the newest.
func imageOfBastion(ctx *pulumi.Context, image string, tags map[string]string, opts ...pulumi.InvokeOption) (string, error) {
	var filters []ec2.GetInstancesFilter
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		filters = append(filters, ec2.GetInstancesFilter{Name: "tag:" + tag, Values: []string{tags[tag]}})
	}
	found, err := ec2.GetInstances(ctx, &ec2.GetInstancesArgs{Filters: filters, InstanceStateNames: alive}, opts...)
	if err != nil {
		return "", fmt.Errorf("cannot look for the bastion; check that these credentials may (ec2:DescribeInstances): %w", err)
	}
	if len(found.Ids) == 0 {
		return FindImage(ctx, image, opts...)
	}
	there, err := ec2.LookupInstance(ctx, &ec2.LookupInstanceArgs{InstanceId: pulumi.StringRef(found.Ids[0])}, opts...)
	if err != nil {
		return "", fmt.Errorf("cannot read the bastion %s; check that these credentials may (ec2:DescribeInstances): %w", found.Ids[0], err)
	}
	return there.Ami, nil
}
