package rolling

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
)

// guard asks the running cluster, before the first of its machines is touched, whether it can spare one. A configuration
// checks that too, but only after its machine was replaced or resized.
//
// It is asked whenever the first thing to happen is the change of a deployed machine, and each time anew: an answer of an
// hour ago is none. At other times its resource lies still, whatever became of it: it dies with the machine that
// answered. On first creation there is nobody to ask yet; see guardNew.
func (c *chain) guard(ctx *pulumi.Context) (step, error) {
	deployed := c.deployed()
	if len(deployed) == 0 {
		return step{}, nil
	}
	needed, err := c.machineComesFirst(ctx)
	if err != nil {
		return step{}, err
	}
	if !needed {
		asked := c.question(deployed[len(deployed)-1])
		asked.still = true
		return c.send(ctx, asked)
	}
	m, err := c.witness(ctx, deployed)
	if err != nil {
		return step{}, err
	}
	asked := c.question(m)
	last, err := c.cloud.Last(ctx, c.args.Deployed.Scope, asked.to)
	if err != nil {
		return step{}, err
	}
	asked.attempt = 1
	if last != nil {
		asked.attempt = last.Unused
	}
	return c.send(ctx, asked)
}

// machineComesFirst says whether the chain begins by taking a machine away. It does not where a node without a machine that
// runs, or without a configuration that succeeded, comes before: an earlier update stopped there, the cluster is not whole
// until that node is back, and its configuration then asks whether the next can be spared.
func (c *chain) machineComesFirst(ctx *pulumi.Context) (bool, error) {
	if len(c.args.Force) > 0 || !c.args.Deployed.changes(c.deployed()) {
		return false, nil
	}
	for _, m := range c.machines {
		deployed, there := c.args.Deployed.Machines[m.Host.Node.ID]
		if !there || deployed.Digest != m.Digest {
			return there && !deployed.Stopped, nil
		}
		if done, err := c.configured(ctx, m); err != nil || !done {
			return false, err
		}
	}
	return false, nil
}

// configured says whether a machine's last configuration succeeded.
func (c *chain) configured(ctx *pulumi.Context, m *Machine) (bool, error) {
	last, err := c.cloud.Last(ctx, c.args.Deployed.Scope, c.to(m, configuration))
	return last != nil && last.Succeeded, err
}

// witness is the machine to be asked: the last to be touched of those that serve. One that was replaced and is not
// configured yet knows of nothing to protect.
func (c *chain) witness(ctx *pulumi.Context, deployed []*Machine) (*Machine, error) {
	for _, m := range slices.Backward(deployed) {
		if c.args.Deployed.Machines[m.Host.Node.ID].Stopped {
			continue
		}
		done, err := c.configured(ctx, m)
		if err != nil {
			return nil, err
		}
		if done {
			return m, nil
		}
	}
	return deployed[len(deployed)-1], nil
}

// guardNew registers the guard on a first creation: as soon as its machine is there, and to answer that there is nothing to
// protect. Otherwise the next update, even one that changes nothing, would have to make it.
func (c *chain) guardNew(ctx *pulumi.Context) error {
	if len(c.deployed()) > 0 {
		return nil
	}
	m := c.machines[len(c.machines)-1]
	_, err := c.send(ctx, c.questionTo(m, m.registered.ID))
	return err
}

// question is put to a machine that is there.
func (c *chain) question(m *Machine) sending {
	return c.questionTo(m, pulumi.String(c.args.Deployed.Machines[m.Host.Node.ID].ID))
}

// questionTo says which machine it is put to, not only its name: a machine that replaced another would else be asked what
// the state has already, and the engine would not ask.
func (c *chain) questionTo(m *Machine, vmID pulumi.StringInput) sending {
	return sending{
		name: c.name + "-guard",
		to:   c.to(m, guard),
		vmID: vmID,
		render: func(attempt int, vmID string) host.Payload {
			return host.Spare(m.Host, host.ConfigurationOptions{Attempt: attempt, VMDigest: vmID})
		},
	}
}
