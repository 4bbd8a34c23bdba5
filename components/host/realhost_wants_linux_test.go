package host

import (
	"maps"
	"reflect"
	"strings"
	"testing"
)

// wantReport compares what a run did; who ran it where is Payload.Check's matter.
func wantReport(t *testing.T, got, want Report) {
	t.Helper()
	got.Digest, got.Run, got.BootID, got.NodeID = "", "", "", 0
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("report\n got %+v\nwant %+v", got, want)
	}
}

func wantFailure(t *testing.T, r result, text string) {
	t.Helper()
	if r.code == 0 || !strings.Contains(r.stderr, text) {
		t.Fatalf("exit code %d, want a failure that says %q:\n%s", r.code, text, r.stderr)
	}
}

// spared asks a question that has to be answered with yes, for this reason, and starts nothing.
func (m *machine) spared(p Payload, why string) {
	m.t.Helper()
	r := m.apply(p)
	if r.code != 0 || !strings.Contains(r.stderr, why) {
		m.t.Fatalf("machine %s: exit code %d, want success that says %q:\n%s", m.name, r.code, why, r.stderr)
	}
	report, err := ParseReport(r.stdout)
	if err != nil {
		m.t.Fatalf("machine %s: %v", m.name, err)
	}
	if err := p.Check(report); err != nil {
		m.t.Fatalf("machine %s: %v", m.name, err)
	}
	wantReport(m.t, report, Report{State: StateSpare})
}

func wantMessages(t *testing.T, consumed string) {
	t.Helper()
	if got := strings.Count(consumed, "message "); got != 10 {
		t.Fatalf("consumed %d messages, want 10:\n%s", got, consumed)
	}
}

func containsAll(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// withProperty is the same machine with one more property of its node.
func withProperty(t *testing.T, m Machine, key, value string) Machine {
	t.Helper()
	cluster := *m.Cluster
	cluster.Properties = maps.Clone(cluster.Properties)
	if cluster.Properties == nil {
		cluster.Properties = map[string]string{}
	}
	cluster.Properties[key] = value
	m.Cluster = &cluster
	return m
}
