package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

// TestWhatIsNotAsConfiguredIsRefusedBeforeAnythingIsMade asks of the account what a program only then learns: subnets, key
// pairs and images that are there already, or are not.
func TestWhatIsNotAsConfiguredIsRefusedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	const (
		stranger  = "subnet-0bbbbbbbbbbbbbbbb"
		withdrawn = "al2023-ami-2023.0.20230315.0-kernel-6.1-x86_64"
		asked     = "rpc error: code = Unknown desc = invocation of "
	)
	for name, of := range map[string]struct {
		scenario string
		set      map[string]any
		there    func(*simcloud.World) error
		want     string
	}{
		"a subnet of another range": {
			scenario: "own-network", set: map[string]any{"network.brokerSubnets.1.cidr": "10.20.9.0/24"},
			want: "network.brokerSubnets[1]: the configuration says 10.20.9.0/24, AWS says 10.20.1.0/24; correct cidr",
		},
		"subnets that lie in each other's zone": {
			scenario: "own-network", set: map[string]any{"network.brokerSubnets.0.zone": "usw2-az2", "network.brokerSubnets.1.zone": "usw2-az1"},
			want: "network.brokerSubnets[0]: the configuration says usw2-az2, AWS says usw2-az1 (us-west-2a in this account); correct zone",
		},
		"a subnet of another VPC": {
			scenario: "own-network", set: map[string]any{"network.brokerSubnets.2.id": stranger},
			there: aws.Existing{Subnets: []aws.ExistingSubnet{{ID: stranger, Vpc: "vpc-0bbbbbbbbbbbbbbbb", CIDR: "10.20.2.0/24", ZoneID: "usw2-az3"}}}.Put,
			want:  "network.brokerSubnets[2]: it lies in vpc-0bbbbbbbbbbbbbbbb, and the subnet before it in vpc-0aaaaaaaaaaaaaaaa; give subnets of one VPC",
		},
		"a subnet that is not there": {
			scenario: "own-network", set: map[string]any{"network.brokerSubnets.2.id": stranger},
			want: "network.brokerSubnets[2]: cannot read " + stranger + "; check the id, the region, and that these credentials may read it: " +
				asked + "aws:ec2/getSubnet:getSubnet returned an error: no matching EC2 Subnet found",
		},
		"a key pair that is not there": {
			scenario: "documents", set: map[string]any{"machines.keyPair": "operators"},
			want: "machines.keyPair: cannot find operators in this region; create it, let it be made by giving adminPublicKey, or leave it out: " +
				asked + "aws:ec2/getKeyPair:getKeyPair returned an error: no matching EC2 Key Pair found",
		},
		"an image that Amazon has withdrawn": {
			scenario: "documents", set: map[string]any{"machines.image": withdrawn},
			want: "nodes 1, 2, 3: their machines cannot be made: machines.image: cannot find Amazon's image " + withdrawn + " for x86 in this region; " +
				"check that these credentials may look (ec2:DescribeImages); if it has been withdrawn, choose another, such as al2023-ami-2023.*-kernel-6.1-x86_64, and run up again: " +
				asked + "aws:ec2/getAmi:getAmi returned an error: Your query returned no results. Please change your search criteria and try again.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, awsCloud, of.scenario)
			if network := r.seed; of.there != nil {
				r.seed = func(world *simcloud.World) error {
					if err := network(world); err != nil {
						return err
					}
					return of.there(world)
				}
			}
			r.set(t, of.set)
			_, err := r.open(t).Up(t.Context(), nil)
			require.EqualError(t, err, `up of stack "test" failed: `+of.want+"\nwhat was done is saved: correct the cause, then kafkalink up continues")
			require.Empty(t, r.changes(), "nothing is made")
		})
	}
}

// TestTwoMachinesOfOneNodeAreRefused has a machine that somebody launched with a node's tags: which of the two serves cannot be
// known.
func TestTwoMachinesOfOneNodeAreRefused(t *testing.T) {
	t.Parallel()
	const other = "i-0fffffffffffffff0"
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	machine := r.machineOf(t, "2")
	r.seed = func(world *simcloud.World) error {
		own, _ := world.Get(machine)
		twin := own.Clone()
		twin.ID = other
		world.Put(twin)
		return nil
	}
	r.set(t, awsCloud.resize)
	_, err := r.open(t).Up(t.Context(), nil)
	first, second := min(machine, other), max(machine, other)
	require.ErrorContains(t, err, "node 2 has two machines, "+first+" and "+second+"; terminate the one that the stack's state does not have, then run up again")
	require.Empty(t, r.changes())

	r.seed = func(world *simcloud.World) error {
		world.Delete(other)
		return nil
	}
	require.Equal(t, []int{1, 2, 3}, touched(r.up(t)))
}

// TestAnImagesIDReplacesNoMachine writes the id that the machines have in place of its name, as when they are to be kept as they are:
// machines are tagged with what they are made from, and configured again, one after the other.
func TestAnImagesIDReplacesNoMachine(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.up(t)
	machine, _ := r.view.Get(r.machineOf(t, "1"))
	image := machine.Properties.Text("ami")
	require.Regexp(t, "^ami-[0-9a-f]{17}$", image)
	r.set(t, map[string]any{"machines.image": image})
	preview, err := r.open(t).Preview(t.Context(), nil)
	require.NoError(t, err)
	for _, change := range preview.Changes {
		require.Equal(t, automation.ActionUpdate, change.Action, change.Resource.Name)
		if strings.HasSuffix(change.Resource.Name, "-vm") {
			require.Equal(t, []string{"tags.kafkalink-machine", "tags.kafkalink-made-from"}, change.Changed, change.Resource.Name)
		}
	}
	for _, o := range outages(r.up(t)) {
		require.Equal(t, []string{"update vm", "update configuration"}, o.steps, "node %d", o.node)
	}
	require.Equal(t, machine.ID, r.machineOf(t, "1"))
	require.Empty(t, r.up(t))
}

// TestAKeyPairThatIsThereAlreadyIsUsed gives its name alone: machines have it, and the stack neither makes nor owns it.
func TestAKeyPairThatIsThereAlreadyIsUsed(t *testing.T) {
	t.Parallel()
	r := newRig(t, awsCloud, "documents")
	r.seed = aws.Existing{KeyPairs: []string{"operators"}}.Put
	r.set(t, map[string]any{"machines.keyPair": "operators"})
	for _, o := range r.up(t) {
		require.NotEqual(t, "key-pair", o.Name)
	}
	for _, node := range []string{"1", "2", "3"} {
		machine, _ := r.view.Get(r.machineOf(t, node))
		require.Equal(t, "operators", machine.Properties.Text("keyName"))
	}
	require.Empty(t, r.up(t))
}
