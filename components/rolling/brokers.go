package rolling

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

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
// whatever changes, at most one broker is out. On a first creation there may be no chain: see Args.AtOnce. inside is the
// cloud, which may make what all machines share, as children of the component.
func NewBrokers(ctx *pulumi.Context, token, name string, args *Args, inside func(parent pulumi.Resource) (Cloud, error), opts ...pulumi.ResourceOption) (*Brokers, error) {
	b := &Brokers{}
	if err := ctx.RegisterComponentResource(token, name, b, opts...); err != nil {
		return nil, err
	}
	cloud, err := inside(b)
	if err != nil {
		return nil, err
	}
	machines, err := foreseen(ctx, name, args, cloud)
	if err != nil {
		return nil, err
	}
	c := &chain{name: name, args: args, cloud: cloud, machines: machines, parent: b}
	reports, ready, err := c.register(ctx)
	if err != nil {
		return nil, err
	}
	b.Reports, b.Ready = reports.ToStringMapOutput(), ready.report
	return b, ctx.RegisterResourceOutputs(b, pulumi.Map{"reports": b.Reports, "ready": b.Ready})
}

// Foresee says what NewBrokers would refuse, before anything is registered.
func Foresee(ctx *pulumi.Context, args *Args, cloud Cloud) error {
	_, err := foreseen(ctx, "", args, cloud)
	return err
}

// foreseen are the machines as planned, if nothing stands in the way of a first one.
func foreseen(ctx *pulumi.Context, name string, args *Args, cloud Cloud) ([]*Machine, error) {
	machines, err := planMachines(name, args, cloud)
	if err != nil {
		return nil, err
	}
	if err := args.checkRunning(machines); err != nil {
		return nil, err
	}
	return machines, checkImage(ctx, machines, cloud)
}

// chain is the order in which machines are made and configured.
type chain struct {
	name     string // of the component, with which its children's begin
	args     *Args
	cloud    Cloud
	machines []*Machine // in the order in which they may be restarted
	parent   pulumi.Resource
}

func (c *chain) register(ctx *pulumi.Context) (reports pulumi.StringMap, ready step, err error) {
	last, err := c.guard(ctx)
	if err != nil {
		return nil, step{}, err
	}
	var configured []step
	reports = pulumi.StringMap{}
	for i, m := range c.machines {
		if m.registered, err = c.cloud.Register(ctx, m, last.gate(), c.parent); err != nil {
			return nil, step{}, err
		}
		done, err := c.configure(ctx, m, i+1 < len(c.machines) && !c.args.forced(c.machines[i+1]))
		if err != nil {
			return nil, step{}, err
		}
		reports[strconv.Itoa(m.Host.Node.ID)] = done.report
		configured = append(configured, done)
		if !c.atOnce() {
			last = done
		}
	}
	if err := c.guardNew(ctx); err != nil {
		return nil, step{}, err
	}
	ready, err = c.awaitCluster(ctx, configured)
	return reports, ready, err
}

func (c *chain) atOnce() bool { return c.args.AtOnce && len(c.deployed()) == 0 }

// deployed are the machines that are there already, in their order.
func (c *chain) deployed() []*Machine { return c.args.Deployed.of(c.machines) }
