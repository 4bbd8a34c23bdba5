package azure

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// BrokersArgs says what the machines are and what they serve.
type BrokersArgs struct {
	// Cluster whose nodes are made, every one a machine.
	Cluster *kafka.Cluster `pulumi:"cluster"`
	// Hosts says where Java and Kafka come from.
	Hosts host.Config `pulumi:"hosts"`
	// Plan of the machines, with its defaults, and valid.
	Plan MachinePlan `pulumi:"plan"`
	// ResourceGroupName of everything made here.
	ResourceGroupName pulumi.StringInput `pulumi:"resourceGroupName"`
	// SubnetID and SecurityGroupID of the brokers' network interfaces.
	SubnetID        pulumi.StringInput `pulumi:"subnetId"`
	SecurityGroupID pulumi.StringInput `pulumi:"securityGroupId"`
	// Deployed is what is there already, from Survey. Without it nobody asks, before the first machine is touched, whether
	// the cluster can spare one.
	Deployed *Deployment `pulumi:"deployed"`
	// AtOnce makes all nodes side by side. It is for a first creation alone, of which the caller has proof: on a cluster
	// that runs, every broker would be out at the same time. It has no effect where Deployed has a machine.
	AtOnce bool `pulumi:"atOnce"`
	// BackendPools are the load balancer pools a broker joins, by node id (Link.Pools, one per link).
	BackendPools map[string][]pulumi.StringInput `pulumi:"backendPools"`
	// AcceptBlankDisk are the node ids whose blank data disk an operator has said may be formatted.
	AcceptBlankDisk []int `pulumi:"acceptBlankDisk"`
	// Force are the node ids to be restarted without the safety check: the broken glass.
	Force []int `pulumi:"force"`
	// Retire are the node ids whose data disks an operator has given up: they lose their protection, so that the nodes
	// can be taken out of the cluster afterwards.
	Retire []int `pulumi:"retire"`
	// Tags of everything made here.
	Tags map[string]string `pulumi:"tags"`
}

// Brokers are the machines of a cluster, made and configured one at a time.
type Brokers struct {
	pulumi.ResourceState

	// Reports are the hosts' own words, by node id: the digest of what each serves. Reading one waits for that host.
	Reports pulumi.StringMapOutput `pulumi:"reports"`
	// Ready is the report of the whole cluster: every broker registered and in sync.
	Ready pulumi.StringOutput `pulumi:"ready"`
}

// NewBrokers makes the data disks at once, and a node's machine and configuration when the node before it in the restart
// order has reported that it is in sync and that the cluster can spare the next. That chain is the rolling restart:
// whatever changes, at most one broker is out. On a first creation there may be no chain: see BrokersArgs.AtOnce.
func NewBrokers(ctx *pulumi.Context, name string, args *BrokersArgs, opts ...pulumi.ResourceOption) (*Brokers, error) {
	b := &Brokers{}
	if err := ctx.RegisterComponentResource("kafkalink:azure:Brokers", name, b, opts...); err != nil {
		return nil, err
	}
	machines, err := planMachines(name, args)
	if err != nil {
		return nil, err
	}
	last, err := guard(ctx, name, machines, args, b)
	if err != nil {
		return nil, err
	}
	var configured []step
	reports, atOnce := pulumi.StringMap{}, args.atOnce(machines)
	for i, m := range machines {
		if err := m.register(ctx, args, last, b); err != nil {
			return nil, err
		}
		done, err := configure(ctx, m, args, i+1 < len(machines) && !args.forced(machines[i+1]), b)
		if err != nil {
			return nil, err
		}
		reports[itoa(m.host.Node.ID)] = done.report
		configured = append(configured, done)
		if !atOnce {
			last = done
		}
	}
	if err := guardNew(ctx, name, machines, args, b); err != nil {
		return nil, err
	}
	if last, err = awaitCluster(ctx, firstBroker(machines), args, configured, b); err != nil {
		return nil, err
	}
	b.Reports, b.Ready = reports.ToStringMapOutput(), last.report
	return b, ctx.RegisterResourceOutputs(b, pulumi.Map{"reports": b.Reports, "ready": b.Ready})
}

func (args *BrokersArgs) atOnce(machines []*machine) bool {
	return args.AtOnce && len(args.Deployed.of(machines)) == 0
}

func firstBroker(machines []*machine) *machine {
	i := slices.IndexFunc(machines, func(m *machine) bool { return m.host.Node.IsBroker() })
	return machines[i] // a valid cluster has brokers
}

func (args *BrokersArgs) forced(m *machine) bool { return slices.Contains(args.Force, m.host.Node.ID) }
