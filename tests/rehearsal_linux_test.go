package tests

import (
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/rehearsal"
	components "github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/internal/wiring"
	"github.com/kafkalink/kafkalink/stacks/aws"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/config"
)

// rehearsed runs a rehearsal of the rig's stack by some programs.
func (r *rig) rehearsed(t *testing.T, programs []automation.Program, drills ...string) *rehearsal.Report {
	t.Helper()
	stack, err := automation.Open(automation.Options{Dir: r.dir, Stack: stackName, Programs: programs, Engine: r.engine, Env: os.Environ()})
	require.NoError(t, err)
	report, err := wiring.Rehearser().Rehearse(t.Context(), rehearsal.Request{
		Stack: stack, Drills: drills,
		Progress: func(e automation.Event) {
			if phase, ok := e.(*automation.Phase); ok {
				t.Log(phase.Name)
			}
		},
	})
	require.NoError(t, err)
	t.Log("\n" + report.Text())
	return report
}

// rehearse runs a rehearsal of the rig's stack, and demands that everything passed.
func (r *rig) rehearse(t *testing.T, drills ...string) *rehearsal.Report {
	t.Helper()
	report := r.rehearsed(t, wiring.Programs(), drills...)
	require.True(t, report.Passed)
	return report
}

// The documents' set-up with real brokers, and faults that people make in consoles: each must be found and named.
func TestRehearsalOfTheDocumentsSetUp(t *testing.T) {
	r := newRig(t, azureCloud, "documents")

	report := r.rehearse(t, "missing-filter-rule", "missing-balancer-rule", "missing-approval", "swapped-rules", "kill-broker", "full-disk", "rolling-property")

	require.Len(t, report.Links, 1)
	ports := map[int]int{}
	for _, port := range report.Links[0].Ports {
		ports[port.Port] = port.Reached
	}
	require.Equal(t, map[int]int{9093: 1, 9094: 2, 9095: 3}, ports)
	records := report.Links[0].Records
	require.Positive(t, records.Produced)
	require.Equal(t, records.Produced, records.Acknowledged)
	require.Equal(t, records.Produced, records.Read)
	blamed := map[string]string{}
	for _, drill := range report.Drills {
		blamed[drill.Name] = drill.Found
	}
	require.Contains(t, blamed["missing-filter-rule"], `denied by network security group "kafka-brokers", rule "deny-everything-else" (priority 4096)`)
	require.Contains(t, blamed["missing-balancer-rule"], `no load balancer rule for this port`)
	require.Contains(t, blamed["missing-approval"], `not approved by private link service "kafka-pls", its status is Pending`)
	require.Contains(t, blamed["swapped-rules"], `rule "rule2" sends port 9093 to node 2, and node 1 advertises it`)
	require.Contains(t, blamed["full-disk"], `100% used`)
	require.Contains(t, blamed["rolling-property"], `0 lost, 0 failed for good; at most 1 of the brokers out at once`)
	require.Less(t, report.MemoryMiB, 4096)
}

// The same on AWS, and its second phase: the name that the consumer has only after it has connected.
func TestRehearsalOfTheDocumentsSetUpOnAWS(t *testing.T) {
	r := newRig(t, awsCloud, "documents")

	report := r.rehearse(t, "missing-filter-rule", "missing-balancer-rule", "missing-approval", "swapped-rules", "new-name", "idle-connections")

	require.Len(t, report.Links, 1)
	advertised := map[int]string{}
	for _, port := range report.Links[0].Ports {
		require.Equal(t, port.Wanted, port.Reached)
		advertised[port.Port] = port.Advertised
	}
	require.Len(t, advertised, 3)
	require.Contains(t, advertised[9094], "b2.usw2-az2.")
	blamed := map[string]string{}
	for _, drill := range report.Drills {
		blamed[drill.Name] = drill.Found
	}
	require.Contains(t, blamed["missing-filter-rule"], `load balancer "kafka-lb" in usw2-az1, inbound: denied by security group "kafka-tidb-lb", none of whose rules matches`)
	require.Contains(t, blamed["missing-balancer-rule"], `no load balancer rule for this port`)
	require.Contains(t, blamed["missing-approval"], `not approved by endpoint service "kafka-pl-service", its status is rejected`)
	require.Contains(t, blamed["swapped-rules"], `listener 9093 sends port 9093 to node 2, and node 1 advertises it`)
	require.Contains(t, blamed["idle-connections"], `: 0 requests were not answered`)
	require.Contains(t, blamed["new-name"], `to kafkalink1.aws.plc.tidbcloud.com`)
	require.Contains(t, blamed["new-name"], `0 lost, 0 failed for good; at most 1 of the brokers out at once`)
}

// A broker of one zone under another's name is refused by validation. Where it is deployed all the same, its consumer looks
// for it in the other zone, where the load balancer has nobody to send to.
func TestABrokerUnderAnotherZonesNameIsFound(t *testing.T) {
	r := newRig(t, awsCloud, "documents")
	decode := func(identity string, values map[string]any) (*aws.Stack, kafka.Findings) {
		stack, findings := aws.Decode(identity, values)
		if stack != nil {
			link := &stack.Cluster.Links[0]
			link.Pattern = strings.Replace(link.Pattern, "<zone>", "usw2-az1", 1)
			require.NotEmpty(t, components.CheckNames(field.NewPath("pattern"), stack.Cluster, *link, false).Errors)
		}
		return stack, findings
	}
	keys := append(config.Keys(aws.Config{}), "aws:region")
	forced := awsCloud.program(t)
	forced.Run = func(ctx *pulumi.Context) error { return base.Run(ctx, false, keys, decode) }
	forced.RunFirst = func(ctx *pulumi.Context) error { return base.Run(ctx, true, keys, decode) }
	forced.Decode = func(id automation.StackIdentity, values automation.Configuration) (*kafka.Cluster, kafka.Findings) {
		stack, findings := decode(base.Identity(id.Project, id.Stack), values)
		if stack == nil {
			return nil, findings
		}
		return stack.Cluster, findings
	}

	report := r.rehearsed(t, []automation.Program{forced})

	require.False(t, report.Passed)
	require.Contains(t, report.Failure.Guilty, "node 2 is in usw2-az2, and advertises itself as b2.usw2-az1.")
	require.Contains(t, report.Failure.Guilty, `which is in usw2-az1: only load balancer "kafka-lb" in usw2-az2, listener 9094 leads to it`)
}
