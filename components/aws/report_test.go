package aws

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// host1 is a machine of a small cluster.
func host1(t *testing.T) host.Machine {
	t.Helper()
	cluster, findings := kafka.Resolve(kafka.Spec{Name: "kafka", Zones: []string{"usw2-az1"}}, nil, kafka.WithIdentity("p/s"),
		kafka.WithAddresses(func(n kafka.Node) (string, error) { return "10.0.0.1" + strconv.Itoa(n.ID), nil }))
	require.NoError(t, findings.Err())
	return host.Machine{Cluster: cluster, Node: cluster.Nodes[0], Disk: host.Disk{Paths: dataDiskPaths}}
}

// delivered is the document's script with the parameters that an association gives it.
func delivered(t *testing.T, payload, run string) string {
	t.Helper()
	content, err := documentContent()
	require.NoError(t, err)
	var read document
	require.NoError(t, json.Unmarshal([]byte(content), &read))
	script := strings.Join(read.MainSteps[0].Inputs.RunCommand, "\n")
	for name, value := range map[string]string{
		"payload": escaped(payload), "run": run, "attempt": "2", "machine": "i-0123456789abcdef0", "parameter": "/kafkalink/kafka/1/configuration", "region": "us-west-2",
	} {
		require.Regexp(t, read.Parameters[name].AllowedPattern, value)
		script = strings.ReplaceAll(script, "{{ "+name+" }}", value)
	}
	require.NotContains(t, script, braces)
	return script
}

// runDelivered runs the script as Systems Manager does, with a stand-in for the AWS CLI that keeps each report. It returns them.
func runDelivered(t *testing.T, script string) (reports []string, exitCode int) {
	t.Helper()
	dir := t.TempDir()
	standIn := "#!/bin/sh\nfor value; do :; done\ncat \"${value#file://}\" >>" + dir + "/reports\necho >>" + dir + "/reports\necho \"$@\" >>" + dir + "/calls\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "aws"), []byte(standIn), 0o755))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "sh", "-c", script)
	command.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	out, err := command.CombinedOutput()
	t.Log(string(out))
	if err != nil {
		var failed *exec.ExitError
		require.ErrorAs(t, err, &failed)
	}
	calls, err := os.ReadFile(filepath.Join(dir, "calls"))
	require.NoError(t, err)
	for call := range strings.Lines(string(calls)) {
		require.Contains(t, call, "ssm put-parameter --region us-west-2 --name /kafkalink/kafka/1/configuration --type String --overwrite --value file://")
	}
	text, err := os.ReadFile(filepath.Join(dir, "reports"))
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(text)), "\n"), command.ProcessState.ExitCode()
}

const someRun = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// TestAHostReportsTheBeginningAndTheEnd runs the document's script for real.
func TestAHostReportsTheBeginningAndTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		payload, output string
		exit            int
	}{
		"success":              {"echo it works", "it works\n", 0},
		"failure":              {"echo it is broken >&2; exit 7", "it is broken\n", 7},
		"what must be escaped": {"echo '{{ braces }}' \"and 'quotes'\"", "{{ braces }} and 'quotes'\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports, exit := runDelivered(t, delivered(t, c.payload, someRun))
			require.Equal(t, c.exit, exit)
			require.Len(t, reports, 2)
			began, err := parseReport(reports[0])
			require.NoError(t, err)
			require.Equal(t, []any{someRun, 2, "i-0123456789abcdef0", running, ""}, []any{began.run, began.attempt, began.machine, began.state, began.output})
			require.WithinDuration(t, time.Now(), began.at, time.Minute)
			ended, err := parseReport(reports[1])
			require.NoError(t, err)
			require.Equal(t, c.output, ended.output)
			sent := ended.sent(time.Now())
			require.Equal(t, c.exit == 0, sent.Succeeded)
			require.Equal(t, 2, sent.Attempt)
			require.False(t, sent.Running)
		})
	}
}

// TestANumberIsNotUsedTwiceWithinASecond fails a payload and asks at once for the number of the next: identical content is not
// run again.
func TestANumberIsNotUsedTwiceWithinASecond(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	failed := report{attempt: unused(now), state: "1", at: now}
	require.Greater(t, failed.sent(now).Unused, failed.attempt)
	require.Equal(t, unused(now.Add(time.Hour)), failed.sent(now.Add(time.Hour)).Unused)
}

// TestAReportFitsItsParameter prints much that does not compress: the end of it arrives.
func TestAReportFitsItsParameter(t *testing.T) {
	t.Parallel()
	reports, _ := runDelivered(t, delivered(t, "head -c 300000 /dev/urandom | base64; echo the end", someRun))
	require.LessOrEqual(t, len(reports[1]), 4096)
	ended, err := parseReport(reports[1])
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(ended.output, "the end\n"))
	require.Greater(t, len(ended.output), 400)
}

// TestAnAssociationIsWithinItsLimits bounds what AWS states no limit for: less than a document may hold.
func TestAnAssociationIsWithinItsLimits(t *testing.T) {
	t.Parallel()
	m := host1(t)
	content, err := documentContent()
	require.NoError(t, err)
	for _, p := range []host.Payload{
		host.Configuration(m, host.ConfigurationOptions{}), host.ClusterReady(m, host.ConfigurationOptions{}), host.Spare(m, host.ConfigurationOptions{}),
	} {
		require.Less(t, len(content)+len(escaped(p.Script())), 64*1024)
		const margin = 3 * time.Minute // for what the scripts do besides waiting
		require.Less(t, p.Timeout(), longestRun-margin)
		d, err := Delivered(delivered(t, p.Script(), p.Run()))
		require.NoError(t, err)
		require.Equal(t, p.Script(), d.Script)
		said, err := parseReport(d.Report(0, "kafkalink-report: {}", time.Now()))
		require.NoError(t, err)
		require.True(t, said.sent(time.Now()).Is(p))
	}
}

// TestAHostThatFellSilentIsNotWaitedForForEver lets a report of a beginning grow old.
func TestAHostThatFellSilentIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	began, err := parseReport("1 " + someRun + " 1 i-0 running 1700000000 " + packed(""))
	require.NoError(t, err)
	require.True(t, began.sent(began.at.Add(longestRun-time.Second)).Running)
	late := began.sent(began.at.Add(longestRun + time.Second))
	require.False(t, late.Running)
	require.False(t, late.Succeeded)
	require.Equal(t, "the host began at 2023-11-14T22:13:20Z, and has said no more", late.Error)
}

func TestWhatIsNoReport(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "yes", "2 a 1 i-0 0 1700000000 x", "1 a b i-0 0 1700000000 x", "1 a 1 i-0 ok 1700000000 x", "1 a 1 i-0 0 now x",
		"1 a 1 i-0 0 1700000000 x", "1 a 1 i-0 0 1700000000 aGFsbG8=",
	} {
		_, err := parseReport(text)
		require.Error(t, err, text)
	}
}
