package rehearsal_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation/rehearsal"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func passed() *rehearsal.Report {
	return &rehearsal.Report{
		Stack: "kafkalink/azure", Cloud: "azure", Began: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC), Passed: true,
		Phases: []rehearsal.Phase{
			{Name: "deploy the stack", Seconds: 72.4, Passed: true, Detail: "3 nodes"},
			{Name: "check every endpoint port", Seconds: 4.2, Passed: true},
		},
		Links: []rehearsal.Link{{
			Name: "tidb", Service: "kafka-pls.0.eastus.azure.privatelinkservice", Endpoint: "192.168.100.4",
			Ports: []rehearsal.Port{
				{Port: 9093, Wanted: 1, Reached: 1, Advertised: "b1.abc.example:9093"},
				{Port: 9094, Wanted: 2, Reached: 2, Advertised: "b2.abc.example:9094"},
			},
			Records: rehearsal.Counts{Partitions: 6, Produced: 120, Acknowledged: 120, Read: 120},
		}},
		Drills: []rehearsal.Drill{
			{Name: "swapped-rules", Passed: true, Seconds: 3, Found: "ports 9093 and 9094 are swapped; blamed: rule 1"},
		},
		MemoryMiB: 2800, Software: []string{"Java: Debian's", "Kafka: assembled"},
	}
}

func failed() *rehearsal.Report {
	r := passed()
	r.Passed, r.Drills = false, nil
	r.Phases[1].Passed = false
	r.Links[0].Ports[0] = rehearsal.Port{Port: 9093, Wanted: 1, Error: "no answer"}
	r.Links[0].Ports[1].Reached = 3
	r.Links[0].Records = rehearsal.Counts{}
	r.Failure = &rehearsal.Failure{
		What: `link "tidb" does not work`, Guilty: `network security group "kafka-brokers", no rule allows it`,
		Evidence: []string{"port 9093: load balancer passed", "broker-1, Kafka's log:\nERROR one | two"},
	}
	r.Unmodelled = []string{"An HTTP probe is not imitated."}
	return r
}

func TestGoldenReports(t *testing.T) {
	t.Parallel()
	for name, report := range map[string]*rehearsal.Report{"passed": passed(), "failed": failed()} {
		golden(t, name+".txt", report.Text())
		golden(t, name+".md", report.Markdown())
		document, err := json.MarshalIndent(report, "", "  ")
		require.NoError(t, err)
		golden(t, name+".json", string(document)+"\n")
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "if this is meant: make golden")
}

func TestAPortIsRightOnlyIfItsBrokerAnswered(t *testing.T) {
	t.Parallel()
	require.True(t, rehearsal.Port{Wanted: 2, Reached: 2}.Right())
	require.False(t, rehearsal.Port{Wanted: 2, Reached: 3}.Right())
	require.False(t, rehearsal.Port{Wanted: 2}.Right())
	require.False(t, rehearsal.Port{Wanted: 2, Reached: 2, Error: "it advertises another name"}.Right())
}
