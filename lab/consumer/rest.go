package consumer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// RestResult is what a client met that wrote to every partition, was silent for a time, and wrote again.
type RestResult struct {
	// Unanswered are the requests after the rest that nobody answered: what lay between had forgotten their connection, and
	// did not say so. The client finds that out by waiting.
	Unanswered []string
	// Renewed is how many connections the client made after the rest, as it knew that those before had ended.
	Renewed int
	// Took is the time from the end of the rest until every partition had acknowledged.
	Took time.Duration
}

// kept is how long a client that rests keeps its connections: as long as the library lets it.
const kept = 15 * time.Minute

// Rest asks whether a client may be silent for a time: it writes a record to every partition of a topic of its own, does
// nothing, and writes one again. It keeps its connections as long as it can and never asks whether they still exist, which
// is the worst that clients do. A rest is shorter than 15 minutes. The topic is deleted again.
func Rest(ctx context.Context, options Options, rest time.Duration) (RestResult, error) {
	o, err := options.settled()
	if err != nil {
		return RestResult{}, err
	}
	if rest >= kept {
		return RestResult{}, fmt.Errorf("a client does not keep its connections for a rest of %s: let it be shorter than %s", rest, kept)
	}
	ctx, cancel := o.within(ctx, startTimeout+rest+deliveryTimeout)
	defer cancel()
	t, err := o.makeTopic(ctx, "rest")
	if err != nil {
		return RestResult{}, errors.Join(err, o.deleteTopic(ctx, t.name))
	}
	result, err := o.restOn(ctx, t, rest)
	if err != nil {
		err = fmt.Errorf("link %q: %w", o.Link.Name, err)
	}
	return result, errors.Join(err, o.deleteTopic(ctx, t.name))
}

func (o Options) restOn(ctx context.Context, t topic, rest time.Duration) (RestResult, error) {
	dial := o.Dial
	o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if c, ok := conn.(interface{ SetKeepAlive(bool) error }); ok && err == nil {
			err = c.SetKeepAlive(false)
		}
		return conn, err
	}
	seen := &restWatch{}
	client, err := o.producer(t.partitions, kgo.ConnIdleTimeout(kept), kgo.MetadataMaxAge(kept), kgo.WithHooks(seen))
	if err != nil {
		return RestResult{}, err
	}
	defer client.Close()
	write := func() error {
		var records []*kgo.Record
		for p := range int32(t.partitions) {
			records = append(records, &kgo.Record{Topic: t.name, Partition: p, Value: []byte("rested")})
		}
		return client.ProduceSync(ctx, records...).FirstErr()
	}
	if err := write(); err != nil {
		return RestResult{}, fmt.Errorf("write to topic %s before the rest: %w", t.name, err)
	}
	o.say("a client of link %q is silent for %s", o.Link.Name, rest.Round(time.Second))
	if err := sleep(ctx, rest); err != nil {
		return RestResult{}, err
	}
	seen.begin()
	begin := time.Now()
	if err := write(); err != nil {
		return seen.end(begin), fmt.Errorf("write to topic %s after the rest: %w", t.name, err)
	}
	return seen.end(begin), nil
}

// restWatch is told by the client what becomes of its connections.
type restWatch struct {
	mu     sync.Mutex
	rested bool
	result RestResult
}

func (w *restWatch) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rested = true
}

func (w *restWatch) end(begin time.Time) RestResult {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rested = false
	w.result.Took = time.Since(begin)
	return w.result
}

// OnBrokerConnect implements kgo.HookBrokerConnect.
func (w *restWatch) OnBrokerConnect(_ kgo.BrokerMetadata, _ time.Duration, _ net.Conn, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rested && err == nil {
		w.result.Renewed++
	}
}

// OnBrokerE2E implements kgo.HookBrokerE2E.
func (w *restWatch) OnBrokerE2E(broker kgo.BrokerMetadata, key int16, request kgo.BrokerE2E) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := request.Err(); w.rested && err != nil && isTimeout(err) {
		w.result.Unanswered = append(w.result.Unanswered,
			fmt.Sprintf("%s to broker %d: no answer in %s", kmsg.NameForKey(key), broker.NodeID, request.DurationE2E().Round(100*time.Millisecond)))
	}
}
