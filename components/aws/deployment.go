package aws

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// alive are the states of an instance that is there, and stopped of one that does not run.
var (
	stopped = []string{"stopping", "stopped"}
	alive   = append([]string{"pending", "running"}, stopped...)
)

// Survey asks AWS for the machines that a cluster has. It is asked in previews too.
func Survey(ctx *pulumi.Context, plan MachinePlan, c *kafka.Cluster, opts ...pulumi.InvokeOption) (*rolling.Deployment, error) {
	d := &rolling.Deployment{Scope: reports(c.Name), Machines: map[int]rolling.DeployedMachine{}}
	nodes := map[string]int{}
	var keys []string
	for _, n := range c.Nodes {
		key := nodeKey(c, n)
		nodes[key] = n.ID
		keys = append(keys, key)
	}
	found, err := ec2.GetInstances(ctx, &ec2.GetInstancesArgs{
		Filters: []ec2.GetInstancesFilter{{Name: "tag:" + nodeTag, Values: keys}}, InstanceStateNames: alive,
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("cannot read the cluster's machines; check that these credentials may (ec2:DescribeInstances): %w", err)
	}
	for _, id := range found.Ids {
		vm, err := ec2.LookupInstance(ctx, &ec2.LookupInstanceArgs{InstanceId: pulumi.StringRef(id)}, opts...)
		if err != nil {
			return nil, fmt.Errorf("cannot read machine %s; check that these credentials may (ec2:DescribeInstances): %w", id, err)
		}
		node := nodes[vm.Tags[nodeTag]]
		if other, twice := d.Machines[node]; twice {
			return nil, fmt.Errorf("node %d has two machines, %s and %s; terminate the one that the stack's state does not have, then run up again", node, other.ID, id)
		}
		one := rolling.DeployedMachine{
			ID: id, Digest: vm.Tags[rolling.DigestTag], MadeFrom: vm.Tags[rolling.MadeFromTag], Image: vm.Ami,
			Stopped: slices.Contains(stopped, vm.InstanceState),
		}
		if vm.InstanceType != plan.Type {
			one.Digest = "" // tags change first: what was to be stopped for another type, and was not, has them already
		}
		d.Machines[node] = one
	}
	return d, nil
}
