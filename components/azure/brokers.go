package azure

import (
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// BrokersArgs says what the machines are and what they serve.
type BrokersArgs struct {
	rolling.Args
	// Plan of the machines, with its defaults, and valid.
	Plan MachinePlan `pulumi:"plan"`
	// ResourceGroupName of everything made here.
	ResourceGroupName pulumi.StringInput `pulumi:"resourceGroupName"`
	// SubnetID and SecurityGroupID of the brokers' network interfaces.
	SubnetID        pulumi.StringInput `pulumi:"subnetId"`
	SecurityGroupID pulumi.StringInput `pulumi:"securityGroupId"`
	// BackendPools are the load balancer pools a broker joins, by node id (Link.Pools, one per link).
	BackendPools map[string][]pulumi.StringInput `pulumi:"backendPools"`
}

// Brokers are the machines of a cluster, made and configured one at a time.
type Brokers = rolling.Brokers

// NewBrokers makes a virtual machine per node, with its network interface and data disk, and configures them by managed
// Run Commands, one at a time: see rolling.NewBrokers.
func NewBrokers(ctx *pulumi.Context, name string, args *BrokersArgs, opts ...pulumi.ResourceOption) (*Brokers, error) {
	return rolling.NewBrokers(ctx, "kafkalink:azure:Brokers", name, &args.Args, func(parent pulumi.Resource) (rolling.Cloud, error) {
		return newMachines(ctx, args, pulumi.Parent(parent)), nil
	}, opts...)
}

// Foresee says what NewBrokers would refuse, before anything is registered. Of the arguments it takes what is known by then: Args
// and Plan.
func Foresee(ctx *pulumi.Context, args *BrokersArgs, opts ...pulumi.InvokeOption) error {
	return rolling.Foresee(ctx, &args.Args, newMachines(ctx, args, opts...))
}

func newMachines(ctx *pulumi.Context, args *BrokersArgs, opts ...pulumi.InvokeOption) machines {
	return machines{args, sync.OnceValues(func() (*resourcemanager.Client, error) { return ResourceManager(ctx, nil, opts...) })}
}

// machines are Azure's part of the chain.
type machines struct {
	*BrokersArgs
	// resourceManager is asked with the credentials of the machines' own provider.
	resourceManager func() (*resourcemanager.Client, error)
}

// Scope is the resource group.
func (s machines) Scope() pulumi.StringInput { return s.ResourceGroupName }
