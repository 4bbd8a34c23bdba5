package tests

import (
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

// TestTheSimulatedAWSTakesTheDocumentsSetUp asks it, by the engine, what doctor asks of the real one: every question is one
// that the provider knows, and every type of resource one of which the permissions are known.
func TestTheSimulatedAWSTakesTheDocumentsSetUp(t *testing.T) {
	t.Parallel()
	deployed := newRig(t, awsCloud, "documents")
	deployed.up(t)
	var planned []automation.Planned
	for _, resource := range deployed.state(t) {
		if resource.Custom {
			planned = append(planned, automation.Planned{Type: string(resource.Type), Inputs: resource.Inputs})
		}
	}

	empty := newRig(t, awsCloud, "documents")
	program := awsCloud.program(t)
	var checks []automation.Check
	program.Run = func(ctx *pulumi.Context) (err error) {
		checks, err = program.Examine(ctx, planned, nil)
		return err
	}
	program.RunFirst = program.Run
	stack, err := automation.Open(automation.Options{
		Dir: empty.dir, Stack: stackName, Programs: []automation.Program{program}, Engine: empty.engine, Env: os.Environ(), Simulate: empty.simulate,
	})
	require.NoError(t, err)
	_, err = stack.Preview(t.Context(), nil)
	require.NoError(t, err)

	var said []string
	for _, c := range checks {
		require.Empty(t, c.Next, "%s: %s", c.Subject, c.Detail)
		said = append(said, c.Subject+": "+c.Detail)
	}
	require.Equal(t, []string{
		"account: 123456789012 in us-west-2, as arn:aws:iam::123456789012:user/simulated",
		"permissions: 133 of 133 actions allowed to arn:aws:iam::123456789012:user/simulated",
		"instance type t2.large: offered in usw2-az1, usw2-az2, usw2-az3 for 3 machines, 2 vCPUs each",
		"image " + aws.AmazonLinux("us-west-2") + ": is in us-west-2, x86_64",
		"quota of VPCs in us-west-2: 1 more are planned, 5 of 5 are left",
		"quota of Elastic IP addresses in us-west-2: 1 more are planned, 5 of 5 are left",
		"quota of NAT gateways in us-west-2: 1 more are planned, 5 of 5 are left",
		"quota of Network Load Balancers in us-west-2: 1 more are planned, 50 of 50 are left",
		"quota of vCPUs of standard instances in us-west-2: the planned machines have 6 of 64; what else runs there is not counted",
	}, said)
}
