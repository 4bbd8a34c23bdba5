package aws

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// newInterface keeps the broker's address, to which target groups lead, while machines come and go.
func newInterface(ctx *pulumi.Context, m *rolling.Machine, args *BrokersArgs, after pulumi.ResourceOption, parent pulumi.Resource) (*ec2.NetworkInterface, error) {
	n := m.Host.Node
	return ec2.NewNetworkInterface(ctx, m.Resource+"-nic", &ec2.NetworkInterfaceArgs{
		SubnetId:       args.SubnetIDs[n.Zone],
		PrivateIps:     pulumi.StringArray{pulumi.String(n.Address)},
		SecurityGroups: pulumi.StringArray{args.SecurityGroupID},
		Description:    pulumi.String("Kafka node " + m.Name),
		Tags:           named(args.Tags, m.Name, nil),
	}, pulumi.Parent(parent), after,
		// The address can be held by one interface at a time.
		pulumi.DeleteBeforeReplace(true))
}
