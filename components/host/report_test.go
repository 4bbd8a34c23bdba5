package host

import (
	"strings"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestParseReport(t *testing.T) {
	t.Parallel()
	const line = `kafkalink-report: {"digest":"d1","run":"r1","bootId":"b","nodeId":2,"state":"in-sync","restarted":true,"formatted":false,"changed":["server.properties"]}`
	for _, c := range []struct {
		name, output string
		node         int
		fails        string
	}{
		{name: "alone", output: line + "\n", node: 2},
		{name: "after cut output", output: "...d of a line\n12:00:00Z restarting\n" + line + "\r\n", node: 2},
		{name: "the last counts", output: strings.Replace(line, `"nodeId":2`, `"nodeId":1`, 1) + "\n" + line, node: 2},
		{name: "nothing", output: " \n", fails: "no host report: the command printed nothing, so it has probably not run; raise the attempt number to send it again"},
		{name: "no report", output: "12:00:00Z FAILED: no data disk\n",
			fails: "no host report in the output, so the configuration step did not finish; it ended with:\n12:00:00Z FAILED: no data disk"},
		{name: "cut report", output: line[:60], fails: "host report is not what kafkalink writes: unexpected end of JSON input: " + line[len(reportPrefix):60]},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, err := ParseReport(c.output)
			if c.fails != "" {
				if err == nil || err.Error() != c.fails {
					t.Fatalf("\n got %v\nwant %s", err, c.fails)
				}
				return
			}
			if err != nil || report.NodeID != c.node {
				t.Fatalf("got %+v, %v; want node %d", report, err, c.node)
			}
		})
	}
}

func TestSimulatedReportIsAHealthyHosts(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 2)
	for _, c := range []struct {
		payload Payload
		state   string
	}{
		{Configuration(m, ConfigurationOptions{VMDigest: "one"}), StateInSync},
		{ClusterReady(m, ConfigurationOptions{VMDigest: "one"}), StateClusterReady},
		{Spare(m, ConfigurationOptions{VMDigest: "one"}), StateSpare},
	} {
		output, err := SimulatedReport(c.payload.Script())
		if err != nil {
			t.Fatal(err)
		}
		report, err := ParseReport(output)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.payload.Check(report); err != nil {
			t.Error(err)
		}
		if report.State != c.state {
			t.Errorf("state %s, want %s", report.State, c.state)
		}
	}
	if _, err := SimulatedReport("#!/bin/sh\necho hello\n"); err == nil {
		t.Error("a script that is none of ours gets a report")
	}
}

func TestSimulatedBootIDStaysWithTheMachine(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	bootID := func(opts ConfigurationOptions) string {
		output, err := SimulatedReport(Configuration(m, opts).Script())
		if err != nil {
			t.Fatal(err)
		}
		report, err := ParseReport(output)
		if err != nil {
			t.Fatal(err)
		}
		return report.BootID
	}
	one := bootID(ConfigurationOptions{VMDigest: "one"})
	if again := bootID(ConfigurationOptions{VMDigest: "one", Attempt: 4}); again != one {
		t.Errorf("another attempt on the same machine has boot id %s, want %s", again, one)
	}
	if other := bootID(ConfigurationOptions{VMDigest: "two"}); other == one {
		t.Errorf("another machine has the same boot id %s", other)
	}
}

func TestCheckRefusesReports(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	p := Configuration(m, ConfigurationOptions{Attempt: 2})
	good := Report{Digest: p.Digest(), Run: p.Run(), BootID: "b", NodeID: 1, State: StateInSync}
	if err := p.Check(good); err != nil {
		t.Fatal(err)
	}
	earlier := Configuration(m, ConfigurationOptions{Attempt: 1})
	for name, c := range map[string]struct {
		spoil func(*Report)
		says  string
	}{
		"another node":     {func(r *Report) { r.NodeID = 2 }, "the report is node 2's, not node 1's"},
		"another digest":   {func(r *Report) { r.Digest = strings.Repeat("0", 64) }, "node 1 reports configuration 000000000000, wanted " + p.Digest()[:12]},
		"an earlier run":   {func(r *Report) { r.Run = earlier.Run() }, "so the cloud has not run this command; raise the attempt number"},
		"an unknown state": {func(r *Report) { r.State = "fine" }, `reports the state "fine"`},
		"no boot id":       {func(r *Report) { r.BootID = "" }, "reports no boot id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := good
			c.spoil(&report)
			if err := p.Check(report); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
		})
	}
}
