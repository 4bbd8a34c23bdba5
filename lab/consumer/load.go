package consumer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// mostBuffered is how many records may wait for their acknowledgement before no more are sent: enough for the longest
// delivery at the default rate.
const mostBuffered = 30_000

// ErrLoadEnded is what waiting for a load says that nobody keeps going.
var ErrLoadEnded = errors.New("the load has ended")

// Load is a producer that keeps writing, at a steady rate, while something is done to the cluster.
type Load struct {
	options Options
	topic   topic
	ledger  *ledger
	pulse   *pulse
	client  *kgo.Client
	begin   time.Time
	halt    context.CancelFunc // no more is sent
	halted  chan struct{}      // the last was sent

	stop   sync.Once
	result LoadResult
	err    error
}

// LoadSample is how a load fares.
type LoadSample struct {
	Sent, Acknowledged, FailedForGood int
	// Quiet is the time for which the partition that waits longest has had no acknowledgement.
	Quiet time.Duration
}

// LoadResult is what became of a load's records.
type LoadResult struct {
	Topic string // it is gone again
	// Sent is all there were. A record that is neither acknowledged nor failed for good was under way when Stop gave up.
	Sent, Acknowledged, FailedForGood int
	// Failures are the different reasons for which records failed for good, each with how often.
	Failures map[string]int
	// Read are the records that were found again, each exactly as it was sent.
	Read int
	Lost int // acknowledged, but not read back
	// Duplicates are records that were read once too often.
	Duplicates int
	// Mismatched says, at most a hundred times, what was not read as it was written: lost, doubled, changed, strange.
	Mismatched []string
	// MaxGap is the longest time for which any one partition acknowledged nothing, by this machine's clock, and
	// GapPartition the partition. Without trouble it is about the time between two records of a partition. A broker that
	// is gone without a word costs the client a few seconds more than it costs the cluster.
	MaxGap       time.Duration
	GapPartition int32
	Took         time.Duration // of the sending
}

// StartLoad makes a topic of its own, begins to write to all its partitions in turn, idempotently and with all
// replicas' acknowledgement, and returns when every partition has acknowledged a record. The load goes on until
// Stop, which must be called, or until the context ends. A record is tried for two minutes, longer than a broker takes
// to restart.
func StartLoad(ctx context.Context, options Options) (*Load, error) {
	o, err := options.settled()
	if err != nil {
		return nil, err
	}
	starting, cancel := o.within(ctx, startTimeout)
	defer cancel()
	o.say("making a topic for the load of link %q", o.Link.Name)
	t, err := o.makeTopic(starting, "load")
	if err != nil {
		return nil, errors.Join(err, o.deleteTopic(ctx, t.name))
	}
	client, err := o.producer(mostBuffered)
	if err != nil {
		return nil, errors.Join(err, o.deleteTopic(ctx, t.name))
	}
	l := &Load{
		options: o, topic: t, ledger: newLedger(), client: client,
		begin: time.Now(), halted: make(chan struct{}),
	}
	l.pulse = newPulse(t.partitions, l.begin)
	sending, halt := context.WithCancel(ctx)
	l.halt = halt
	go l.send(sending)
	if err := l.Await(starting); err != nil {
		halt()
		<-l.halted
		client.Close()
		failed := l.ledger.tally(false).failures
		return nil, errors.Join(
			fmt.Errorf("the load of link %q does not get going, failures so far: %v: %w", o.Link.Name, failed, err),
			o.deleteTopic(ctx, t.name))
	}
	o.say("writing %d records per second to topic %s", o.Rate, t.name)
	return l, nil
}

// Topic that the load writes to.
func (l *Load) Topic() string { return l.topic.name }

// send keeps the rate, and never blocks: where nothing is acknowledged for long, the rate falls.
func (l *Load) send(ctx context.Context) {
	defer close(l.halted)
	ticks := time.NewTicker(time.Second / time.Duration(l.options.Rate))
	defer ticks.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		if l.client.BufferedProduceRecords() >= mostBuffered {
			continue
		}
		partition := int32(n % l.topic.partitions)
		number, record := l.ledger.next(l.topic.name, partition)
		// Not the context of the sending: what is under way when it ends is waited for.
		l.client.Produce(context.WithoutCancel(ctx), record, func(r *kgo.Record, err error) {
			l.ledger.settle(number, r, err)
			if err == nil {
				l.pulse.beat(partition, number, time.Now())
			}
		})
	}
}

// Sample says how the load fares now.
func (l *Load) Sample() LoadSample {
	sum := l.ledger.counts()
	return LoadSample{
		Sent: sum.sent, Acknowledged: sum.acknowledged, FailedForGood: sum.failed,
		Quiet: l.pulse.quiet(time.Now()),
	}
}

// Await waits until every partition has acknowledged a record that was sent after this call: until the load flows, to
// all partitions. It fails when the load or the context ends.
func (l *Load) Await(ctx context.Context) error {
	after := l.ledger.counts().sent
	for {
		changed, missing := l.pulse.since(after)
		if len(missing) == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-l.halted:
			return fmt.Errorf("partitions %v acknowledge nothing: %w", missing, ErrLoadEnded)
		case <-ctx.Done():
			return fmt.Errorf("partitions %v of topic %s acknowledge nothing: %w", missing, l.topic.name, ctx.Err())
		}
	}
}

// Stop ends the load, waits for what is under way, reads everything back and deletes the topic. It fails if records
// were lost, changed or doubled, if they could not be read, or if none was acknowledged. Records that failed for good
// are no error by themselves, as nobody was told that they were taken. The result says what was found also then. A
// second call gives what the first one gave.
func (l *Load) Stop(ctx context.Context) (LoadResult, error) {
	l.stop.Do(func() { l.result, l.err = l.end(ctx) })
	return l.result, l.err
}

func (l *Load) end(ctx context.Context) (LoadResult, error) {
	o := l.options
	ctx, cancel := o.within(ctx, stopTimeout)
	defer cancel()
	l.halt()
	<-l.halted
	took := time.Since(l.begin)
	l.pulse.end(time.Now())
	o.say("waiting for the load's last records")
	var problems []error
	if err := l.client.Flush(ctx); err != nil {
		problems = append(problems, fmt.Errorf("records were still under way when the load ended: %w", err))
	}
	l.client.Close()
	o.say("reading topic %s back", l.topic.name)
	err := o.readBack(ctx, l.topic, l.ledger.found)
	problems = append(problems, err, o.deleteTopic(ctx, l.topic.name))
	sum := l.ledger.tally(err == nil)
	gap, partition := l.pulse.longest()
	result := LoadResult{
		Topic: l.topic.name, Sent: sum.sent, Acknowledged: sum.acknowledged, FailedForGood: sum.failed,
		Failures: sum.failures, Read: sum.read, Lost: sum.lost, Duplicates: sum.duplicates, Mismatched: sum.mismatched,
		MaxGap: gap, GapPartition: partition, Took: took,
	}
	if sum.acknowledged == 0 {
		problems = append(problems, errors.New("no record was acknowledged"))
	}
	if sum.mismatches > 0 {
		problems = append(problems, fmt.Errorf(
			"%d records were not read as they were written, %d are lost and %d doubled: %s",
			sum.mismatches, sum.lost, sum.duplicates, first(sum.mismatched, 3)))
	}
	if err := errors.Join(problems...); err != nil {
		return result, fmt.Errorf("the load of link %q: %w", o.Link.Name, err)
	}
	return result, nil
}
