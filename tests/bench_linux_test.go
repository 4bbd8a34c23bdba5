package tests

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/kafkalink/kafkalink/internal/rehearse"
)

// How often each thing is measured.
const (
	bareStarts     = 2 // and one more of ups
	rollingChanges = 2

	warmUps          = 10 // until the brokers' code is compiled
	throughputRounds = 25
	latencyRounds    = 11
)

// BenchmarkTheDocumentsSetUp measures kafkalink against the same brokers without it, on each cloud. Machines are shared and
// noisy: both sides of a ratio are measured by turns within one run, it is of their medians, and no time is right or wrong.
func BenchmarkTheDocumentsSetUp(b *testing.B) {
	ctx, stop := signal.NotifyContext(b.Context(), os.Interrupt, unix.SIGTERM)
	defer stop()
	for _, cloud := range []rehearse.Cloud{rehearse.Azure(), rehearse.AWS()} {
		b.Run(cloud.Name, func(b *testing.B) { benchmarkSetUp(ctx, b, cloud) })
	}
}

func benchmarkSetUp(ctx context.Context, b *testing.B, cloud rehearse.Cloud) {
	var results scores
	if !b.Run("up", func(b *testing.B) { benchmarkUp(ctx, b, cloud, &results) }) {
		return
	}
	b.Log("deploying, for what follows")
	s := newStand(ctx, b, cloud)
	s.up(ctx, b)
	b.Run("produce", func(b *testing.B) { benchmarkProduce(ctx, b, s, &results) })
	b.Run("rolling", func(b *testing.B) { benchmarkRolling(ctx, b, s, &results) })
	b.Log("\n" + results.table())
}

// benchmarkUp compares an `up` that makes everything with hosts that are booted, and brokers that are started, by hand.
func benchmarkUp(ctx context.Context, b *testing.B, cloud rehearse.Cloud, results *scores) {
	var ups, bares []float64
	for round := 0; ; round++ {
		b.Logf("up, round %d of %d", round+1, bareStarts+1)
		s := newStand(ctx, b, cloud)
		began := time.Now()
		s.up(ctx, b)
		require.NoError(b, s.brokers().ready(ctx))
		ups = append(ups, since(b, "up", began))
		blueprint := s.blueprint(ctx, b)
		require.NoError(b, s.close())
		if round == bareStarts {
			break
		}
		b.Logf("bare, round %d of %d", round+1, bareStarts)
		bare := newBare(ctx, b, blueprint)
		began = time.Now()
		require.NoError(b, bare.start(ctx))
		require.NoError(b, bare.brokers().ready(ctx))
		bares = append(bares, since(b, "bare", began))
		require.NoError(b, bare.close())
	}
	results.add(b, score{
		what: "up to a ready cluster", unit: "x-bare", ours: median(ups), bare: median(bares), measure: "s", want: "1.50 or less",
	})
}

// benchmarkProduce compares writing through the private endpoint with writing from a broker's own machine: as fast as it
// goes, then slowly, by which latency is not that of a queue.
func benchmarkProduce(ctx context.Context, b *testing.B, s *stand, results *scores) {
	ways := producers{s.produceThrough(ctx, b), s.produceBeside(ctx, b)}
	through, beside := repeated(b, "throughput in MB/s", throughputRounds, func() (samples, error) { return ways.throughputs(ctx) })
	results.add(b, score{
		what: "produce, throughput", unit: "x-beside", ours: through, bare: beside, measure: "MB/s", want: "0.95 or more",
	})
	unix.Sync() // or what was written shows in what follows
	through, beside = repeated(b, "p99 latency in ms", latencyRounds, func() (samples, error) { return ways.latencies(ctx) })
	results.add(b, score{
		what: "produce, p99 latency", unit: "p99-x-beside", ours: through, bare: beside, measure: "ms", inverse: true, want: "0.95 or more",
	})
}

// repeated gives the medians of all samples, through the endpoint and beside it.
func repeated(b *testing.B, what string, rounds int, measure func() (samples, error)) (through, beside float64) {
	b.Helper()
	var all samples
	for round := range warmUps + rounds {
		now, err := measure()
		require.NoError(b, err)
		name := "warming up"
		if round >= warmUps {
			name = fmt.Sprintf("round %d of %d", round-warmUps+1, rounds)
			all[0], all[1] = append(all[0], now[0]...), append(all[1], now[1]...)
		}
		b.Logf("%s, %s: %.1f through the endpoint, %.1f beside it", what, name, median(now[0]), median(now[1]))
	}
	return median(all[0]), median(all[1])
}

// benchmarkRolling compares a change of a property by `up` with restarts by hand, one after another.
func benchmarkRolling(ctx context.Context, b *testing.B, s *stand, results *scores) {
	require.NoError(b, s.brokers().ready(ctx)) // with partitions, which must be in sync after each restart
	var ups, bares []float64
	for round := range rollingChanges {
		b.Logf("rolling change, round %d of %d", round+1, rollingChanges)
		began := time.Now()
		s.change(ctx, b, "num.io.threads", fmt.Sprint(9+round))
		ups = append(ups, since(b, "rolling change", began))
		b.Logf("restarts by hand, round %d of %d", round+1, rollingChanges)
		began = time.Now()
		s.restartByHand(ctx, b)
		bares = append(bares, since(b, "restarts by hand", began))
	}
	results.add(b, score{
		what: "rolling change", unit: "x-bare", ours: median(ups), bare: median(bares), measure: "s", want: "1.50 or less",
	})
}

func since(b *testing.B, what string, began time.Time) float64 {
	b.Helper()
	seconds := time.Since(began).Seconds()
	b.Logf("%s took %.1f s", what, seconds)
	return seconds
}

// score is a ratio: ours to bare, or inverse.
type score struct {
	what, unit, measure, want string
	ours, bare                float64
	inverse                   bool
}

func (s score) ratio() float64 {
	if s.inverse {
		return s.bare / s.ours
	}
	return s.ours / s.bare
}

type scores []score

func (all *scores) add(b *testing.B, s score) {
	b.ReportMetric(0, "ns/op") // says nothing here: left out
	b.ReportMetric(s.ratio(), s.unit)
	*all = append(*all, s)
}

func (all *scores) table() string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "MEDIANS\tKAFKALINK\tBARE\tRATIO\tWANT")
	for _, s := range *all {
		fmt.Fprintf(table, "%s\t%.1f %s\t%.1f %s\t%.2f\t%s\n", s.what, s.ours, s.measure, s.bare, s.measure, s.ratio(), s.want)
	}
	_ = table.Flush() // into memory
	return text.String()
}
