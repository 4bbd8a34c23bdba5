package tests

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"
)

// What one measurement writes.
const (
	recordBytes    = 1024
	fastTurns      = 10
	fastRecords    = 2000
	steadyRecords  = 1000
	steadyInterval = 2 * time.Millisecond
)

// producer writes records that cannot be compressed to the benchmark's topic, acknowledged by all replicas in sync.
type producer struct {
	where  string
	client *kgo.Client
	value  []byte
}

func newProducer(ctx context.Context, b *testing.B, where string, seeds []string, dial dialer) *producer {
	b.Helper()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(seeds...), kgo.Dialer(dial), kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerLinger(0),
		kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.DefaultProduceTopic(benchmarkTopic),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.DisableClientMetrics(),
	)
	require.NoError(b, err)
	b.Cleanup(client.Close)
	p := &producer{where: where, client: client, value: make([]byte, recordBytes)}
	_, _ = rand.Read(p.value) // never fails
	require.NoError(b, client.Ping(ctx))
	return p
}

// produceThrough begins in the consumer's network, where every advertised name is the private endpoint: where it has an
// address in each zone, that of the zone which the name says.
func (s *stand) produceThrough(ctx context.Context, b *testing.B) *producer {
	b.Helper()
	require.NoError(b, s.brokers().ready(ctx))
	link := s.outputs.Links[slices.Sorted(maps.Keys(s.outputs.Links))[0]]
	endpoint := s.endpoint(ctx, b, link)
	var seeds []string
	for _, route := range link.PortMap {
		seeds = append(seeds, fmt.Sprintf("%s:%d", route.AdvertisedHost, route.EndpointPort))
	}
	return newProducer(ctx, b, "through", seeds, func(ctx context.Context, network, name string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(name)
		if err != nil {
			return nil, err
		}
		_, domain, _ := strings.Cut(host, ".")
		zone, _, _ := strings.Cut(domain, ".")
		address, ok := endpoint[zone]
		if !ok {
			address = endpoint[""]
		}
		return s.lab.Dial(ctx, network, net.JoinHostPort(address.String(), port))
	})
}

// produceBeside begins on a broker's machine.
func (s *stand) produceBeside(ctx context.Context, b *testing.B) *producer {
	b.Helper()
	all := s.brokers()
	return newProducer(ctx, b, "beside", all.addresses, all.dial)
}

// producers through the endpoint and beside it, which write by turns, and short ones: what disturbs one, disturbs the
// other.
type producers [2]*producer

// samples of something, through the endpoint and beside it.
type samples [2][]float64

// throughputs are in MB per second, one for each turn.
func (both producers) throughputs(ctx context.Context) (rates samples, err error) {
	for turn := range 2 * fastTurns {
		i := (turn + turn/2) % 2 // one, other, other, one
		var w writes
		began := time.Now()
		for n := range fastRecords {
			both[i].write(ctx, n, &w)
		}
		_, failed := w.done()
		err = errors.Join(err, failed)
		rates[i] = append(rates[i], fastRecords*recordBytes/1e6/time.Since(began).Seconds())
	}
	return rates, err
}

// latencies are the 99th percentiles of the times until a record is acknowledged, in milliseconds, one for each way.
func (both producers) latencies(ctx context.Context) (percentiles samples, err error) {
	ticker := time.NewTicker(steadyInterval)
	defer ticker.Stop()
	var w [2]writes
	for n := range steadyRecords {
		for i, p := range both {
			<-ticker.C
			p.write(ctx, n, &w[i])
		}
	}
	for i := range both {
		took, failed := w[i].done()
		percentiles[i] = []float64{took[len(took)*99/100].Seconds() * 1000}
		err = errors.Join(err, failed)
	}
	return percentiles, err
}

// writes are records under way, and how long each took that was settled.
type writes struct {
	underWay sync.WaitGroup
	mu       sync.Mutex
	took     []time.Duration
	failed   error
}

// write sends a record to the partition whose turn it is.
func (p *producer) write(ctx context.Context, n int, w *writes) {
	w.underWay.Add(1)
	began := time.Now()
	p.client.Produce(ctx, &kgo.Record{Partition: int32(n % partitions), Value: p.value}, func(_ *kgo.Record, err error) {
		defer w.underWay.Done()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.took = append(w.took, time.Since(began))
		if err != nil {
			w.failed = fmt.Errorf("produce %s the endpoint: %w", p.where, err)
		}
	})
}

// done waits for all, and gives the shortest first.
func (w *writes) done() ([]time.Duration, error) {
	w.underWay.Wait()
	slices.Sort(w.took)
	return w.took, w.failed
}
