package aws

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const portSSH = 22

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
	_, err = ec2.NewInstance(ctx, name+"-bastion", &ec2.InstanceArgs{
		Ami: args.Image.ToStringOutput().ToStringPtrOutput(), InstanceType: pulumi.String(plan.Type), KeyName: args.KeyPair,
		SubnetId: n.publicSubnetID, VpcSecurityGroupIds: pulumi.StringArray{bastion},
		MetadataOptions: metadataOptions(), RootBlockDevice: &ec2.InstanceRootBlockDeviceArgs{Encrypted: pulumi.Bool(true)},
		Tags: named(args.Tags, plan.Name, nil),
	}, pulumi.Parent(n))
	return err
}
