package rolling

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// Args say what the machines serve, and what an operator allows.
type Args struct {
	// Cluster whose nodes are made, every one a machine.
	Cluster *kafka.Cluster `pulumi:"cluster"`
	// Hosts says where Java and Kafka come from.
	Hosts host.Config `pulumi:"hosts"`
	// Deployed is what is there already, from Survey. Without it nobody asks, before the first machine is touched, whether
	// the cluster can spare one.
	Deployed *Deployment `pulumi:"deployed"`
	// AtOnce makes all nodes side by side. It is for a first creation alone, of which the caller has proof: on a cluster
	// that runs, every broker would be out at the same time. It has no effect where Deployed has a machine.
	AtOnce bool `pulumi:"atOnce"`
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

// Deployment is what is there before a program changes it.
type Deployment struct {
	// Scope is where the machines are and report, as Cloud.Scope says it, before anything is registered.
	Scope string `pulumi:"scope"`
	// Region of the machines, where the cloud wants to know it. Empty: there is none yet.
	Region string `pulumi:"region"`
	// Machines by node id; a node without a machine is not in it.
	Machines map[int]DeployedMachine `pulumi:"machines"`
}

// DeployedMachine is a machine that is there.
type DeployedMachine struct {
	// ID is the cloud's unique id of it, another one for each machine that ever has its name.
	ID string `pulumi:"id"`
	// Digest of what reboots or replaces it, and MadeFrom of what replaces it alone: Machine.Digest and Machine.MadeFrom when it was made
	// or last changed.
	Digest   string `pulumi:"digest"`
	MadeFrom string `pulumi:"madeFrom"`
	// Image it was made from, where it would be another one by now.
	Image string `pulumi:"image"`
	// Stopped says that it does not run: an earlier update may have been cut off while it replaced it.
	Stopped bool `pulumi:"stopped"`
}

func (args *Args) forced(m *Machine) bool { return slices.Contains(args.Force, m.Host.Node.ID) }

// Retired says whether a node's data disk is given up.
func (args *Args) Retired(m *Machine) bool { return slices.Contains(args.Retire, m.Host.Node.ID) }

// of keeps the machines that are there already, in their order.
func (d *Deployment) of(machines []*Machine) (there []*Machine) {
	if d == nil {
		return nil
	}
	for _, m := range machines {
		if _, found := d.Machines[m.Host.Node.ID]; found {
			there = append(there, m)
		}
	}
	return there
}

// changes says whether a deployed machine is about to be replaced or rebooted.
func (d *Deployment) changes(deployed []*Machine) bool {
	return slices.ContainsFunc(deployed, func(m *Machine) bool { return d.Machines[m.Host.Node.ID].Digest != m.Digest })
}

// checkRunning refuses to begin where a machine does not run and nothing is to change on it: no provider starts one, so that an
// update would go green, or wait in vain for what its host says. One that is to change may have been cut off in its replacement,
// which goes on where the cloud allows it.
func (args *Args) checkRunning(machines []*Machine) error {
	var all []error
	for _, m := range args.Deployed.of(machines) {
		if d := args.Deployed.Machines[m.Host.Node.ID]; d.Stopped && (m.needsPower || d.Digest == m.Digest) {
			all = append(all, Standstill(m.Host.Node.ID, d.ID))
		}
	}
	return errors.Join(all...)
}

// Standstill is the error of a node whose machine does not run.
func Standstill(node int, machine string) error {
	return fmt.Errorf("node %d: its machine %s is stopped, and an update does not start it; start it, or delete it in the cloud and refresh the stack for another one, then run up again", node, machine)
}
