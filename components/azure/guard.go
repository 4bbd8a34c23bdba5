package azure

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
func guard(ctx *pulumi.Context, brokers string, machines []*machine, args *BrokersArgs, parent pulumi.Resource) (step, error) {
	deployed := args.Deployed.of(machines)
	if len(deployed) == 0 {
		return step{}, nil
	}
	needed, err := machineComesFirst(ctx, machines, args, parent)
	if err != nil {
		return step{}, err
	}
	if !needed {
		asked := args.question(brokers, deployed[len(deployed)-1], parent)
		asked.still = true
		return send(ctx, args, asked)
	}
	m, err := witness(ctx, deployed, args.Deployed.ResourceGroup, parent)
	if err != nil {
		return step{}, err
	}
	asked := args.question(brokers, m, parent)
	last, err := asked.run.lookup(ctx, args.Deployed.ResourceGroup)
	switch {
	case missing(err):
		asked.attempt = 1
	case err != nil:
		return step{}, err
	default:
		asked.attempt = attemptOf(last) + 1
	}
	return send(ctx, args, asked)
}

// machineComesFirst says whether the chain begins by taking a machine away. It does not where a node without a machine, or
// without a configuration that succeeded, comes before: an earlier update stopped there, the cluster is not whole until
// that node is back, and its configuration then asks whether the next can be spared.
func machineComesFirst(ctx *pulumi.Context, machines []*machine, args *BrokersArgs, parent pulumi.Resource) (bool, error) {
	if len(args.Force) > 0 || !args.Deployed.changes(args.Deployed.of(machines)) {
		return false, nil
	}
	for _, m := range machines {
		deployed, there := args.Deployed.Machines[m.host.Node.ID]
		if !there || deployed.Digest != m.digest {
			return there, nil
		}
		if done, err := m.configured(ctx, args.Deployed.ResourceGroup, parent); err != nil || !done {
			return false, err
		}
	}
	return false, nil
}

// configured says whether a machine's last configuration succeeded.
func (m *machine) configured(ctx *pulumi.Context, resourceGroup string, parent pulumi.Resource) (bool, error) {
	found, err := m.runCommand("configuration", parent).lookup(ctx, resourceGroup)
	if missing(err) {
		return false, nil
	}
	return err == nil && deref(found.InstanceView.ExecutionState) == "Succeeded", err
}

// witness is the machine to be asked: the last to be touched of those that serve. One that was replaced and is not
// configured yet knows of nothing to protect.
func witness(ctx *pulumi.Context, deployed []*machine, resourceGroup string, parent pulumi.Resource) (*machine, error) {
	for _, m := range slices.Backward(deployed) {
		done, err := m.configured(ctx, resourceGroup, parent)
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
func guardNew(ctx *pulumi.Context, brokers string, machines []*machine, args *BrokersArgs, parent pulumi.Resource) error {
	if len(args.Deployed.of(machines)) > 0 {
		return nil
	}
	m := machines[len(machines)-1]
	_, err := send(ctx, args, question(brokers, m, m.vm.VmId, parent))
	return err
}

// question is put to a machine that is there.
func (args *BrokersArgs) question(brokers string, m *machine, parent pulumi.Resource) sending {
	return question(brokers, m, pulumi.String(args.Deployed.Machines[m.host.Node.ID].ID), parent)
}

// question says which machine it is put to, not only its name: a machine that replaced another would else be asked what the
// state has already, and the engine would not ask.
func question(brokers string, m *machine, vmID pulumi.StringInput, parent pulumi.Resource) sending {
	return sending{
		name: brokers + "-guard",
		run:  m.runCommand("guard", parent),
		vmID: vmID,
		render: func(attempt int, vmID string) host.Payload {
			return host.Spare(m.host, host.ConfigurationOptions{Attempt: attempt, VMDigest: vmID})
		},
	}
}

// of keeps the machines that are there already, in their order.
func (d *Deployment) of(machines []*machine) (there []*machine) {
	if d == nil {
		return nil
	}
	for _, m := range machines {
		if _, found := d.Machines[m.host.Node.ID]; found {
			there = append(there, m)
		}
	}
	return there
}

// changes says whether a deployed machine is about to be replaced or rebooted.
func (d *Deployment) changes(deployed []*machine) bool {
	return slices.ContainsFunc(deployed, func(m *machine) bool { return d.Machines[m.host.Node.ID].Digest != m.digest })
}
