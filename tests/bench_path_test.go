package tests

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// BenchmarkCriticalPath makes the documents' set-up on a cloud whose resources take a fifth of their rough real time,
// and compares how long that took with the longest chain of resources that need each other, which no deployment can
// beat, and with all of them one after the other, as by hand.
func BenchmarkCriticalPath(b *testing.B) {
	for _, c := range clouds {
		b.Run(c.name, func(b *testing.B) { benchmarkCriticalPath(b, c) })
	}
}

func benchmarkCriticalPath(b *testing.B, c cloud) {
	r := newRig(b, c, "documents")
	r.prepare = func(o *simcloud.Options) { o.Latency = simcloud.Latency{Scale: 0.2, Seed: 1} }
	r.up(b)
	took := map[string]time.Duration{}
	var first, last time.Time
	var sum time.Duration
	for _, o := range r.changes() {
		took[o.URN] = o.End.Sub(o.Start)
		sum += took[o.URN]
		if first.IsZero() || o.Start.Before(first) {
			first = o.Start
		}
		if o.End.After(last) {
			last = o.End
		}
	}
	longest := longestPath(r.state(b), took)
	whole := last.Sub(first)
	require.NotZero(b, longest)
	b.ReportMetric(0, "ns/op") // says nothing here: left out
	b.ReportMetric(whole.Seconds()/longest.Seconds(), "x-longest-path")
	b.ReportMetric(whole.Seconds()/sum.Seconds(), "x-sum")
	b.Logf("%s for %s of work, of which the longest path is %s", whole.Round(time.Millisecond), sum.Round(time.Millisecond), longest.Round(time.Millisecond))
}

// longestPath through what the state says that resources need. The state lists each after all it needs.
func longestPath(state []apitype.ResourceV3, took map[string]time.Duration) (longest time.Duration) {
	done := map[string]time.Duration{}
	for _, r := range state {
		var from time.Duration
		for _, needed := range r.Dependencies {
			from = max(from, done[string(needed)])
		}
		done[string(r.URN)] = from + took[string(r.URN)]
		longest = max(longest, done[string(r.URN)])
	}
	return longest
}
