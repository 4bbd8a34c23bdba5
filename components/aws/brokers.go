package aws

import (
	"path"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// BrokersArgs says what the machines are and what they serve.
type BrokersArgs struct {
	rolling.Args
	// Plan of the machines, with its defaults, and valid.
	Plan MachinePlan `pulumi:"plan"`
	// KeyPair by which people may log in; none: Session Manager serves.
	KeyPair pulumi.StringPtrInput `pulumi:"keyPair"`
	// SubnetIDs by the id of the zone; a machine made in one has its way out. ZoneNames are this account's, by id.
	SubnetIDs map[string]pulumi.StringInput `pulumi:"subnetIds"`
	ZoneNames map[string]string             `pulumi:"zoneNames"`
	// SecurityGroupID of the brokers' network interfaces.
	SecurityGroupID pulumi.StringInput `pulumi:"securityGroupId"`
}

// Brokers are the machines of a cluster, made and configured one at a time.
type Brokers = rolling.Brokers

// NewBrokers makes an instance per node, with its network interface, data volume and role, and configures them by
// associations of Systems Manager, one at a time: see rolling.NewBrokers.
func NewBrokers(ctx *pulumi.Context, name string, args *BrokersArgs, opts ...pulumi.ResourceOption) (*Brokers, error) {
	return rolling.NewBrokers(ctx, "kafkalink:aws:Brokers", name, &args.Args, func(parent pulumi.Resource) (rolling.Cloud, error) {
		account, err := whereAmI(ctx, parent)
		if err != nil {
			return nil, err
		}
		document, err := newDocument(ctx, name, args, parent)
		return machines{args, account, document, newest(ctx, args.Plan.Image, pulumi.Parent(parent)), map[string]*ssm.Parameter{}}, err
	}, opts...)
}

// Foresee says what NewBrokers would refuse, before anything is registered. Of the arguments it takes what is known by then: Args
// and Plan.
func Foresee(ctx *pulumi.Context, args *BrokersArgs, opts ...pulumi.InvokeOption) error {
	return rolling.Foresee(ctx, &args.Args, machines{BrokersArgs: args, newest: newest(ctx, args.Plan.Image, opts...)})
}

// machines are AWS's part of the chain.
type machines struct {
	*BrokersArgs
	account  account
	document *ssm.Document
	// newest is the id of the image that a machine gets which is made now.
	newest func() (string, error)
	// reports are the parameters in which hosts report, by the name of what is sent.
	reports map[string]*ssm.Parameter
}

// Scope is the path of the parameters in which hosts report.
func (s machines) Scope() pulumi.StringInput { return pulumi.String(reports(s.Cluster.Name)) }

// reports is where the hosts of a cluster report.
func reports(cluster string) string { return "/kafkalink/" + cluster }

// reportsOf is where one host does, and no other may.
func reportsOf(scope string, node int) string { return path.Join(scope, strconv.Itoa(node)) }

// reportOf is the parameter of one purpose.
func reportOf(scope string, to rolling.Destination) string {
	return path.Join(reportsOf(scope, to.Machine.Host.Node.ID), to.Purpose)
}
