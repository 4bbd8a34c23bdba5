package tests

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/internal/wiring"
)

// rehearse runs a rehearsal of the rig's stack, and demands that everything passed.
func (r *rig) rehearse(t *testing.T, drills ...string) *rehearsal.Report {
	t.Helper()
	stack, err := automation.Open(automation.Options{
		Dir: r.dir, Stack: stackName, Programs: wiring.Programs(), Engine: r.engine, Env: os.Environ(),
	})
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

	report := r.rehearse(t, "missing-filter-rule", "missing-balancer-rule", "missing-approval", "swapped-rules", "new-name")

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
	require.Contains(t, blamed["new-name"], `to kafkalink1.aws.plc.tidbcloud.com`)
	require.Contains(t, blamed["new-name"], `0 lost, 0 failed for good; at most 1 of the brokers out at once`)
}
