package consumer

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	// deliveryTimeout is how long a record may be tried: longer than a broker takes to restart.
	deliveryTimeout = 2 * time.Minute
	// What replicas may take to acknowledge, and answers beyond the time that their request allows: a flow whose other
	// end is gone without a word is given up after both.
	produceTimeout = 3 * time.Second
	overhead       = 4 * time.Second
)

// client makes a Kafka client of the consumer that begins at the given addresses.
func (o Options) client(bootstrap []string, more ...kgo.Opt) (*kgo.Client, error) {
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.ClientID("kafkalink-consumer"),
		kgo.SeedBrokers(bootstrap...),
		kgo.Dialer((&dialer{options: o, silent: map[string]silence{}}).dial),
		kgo.RequestTimeoutOverhead(overhead),
		// The client learns at once where partitions went, and that a broker is gone before its connections say so.
		kgo.MetadataMinAge(250 * time.Millisecond),
		kgo.MetadataMaxAge(time.Second),
		kgo.RetryBackoffFn(func(int) time.Duration { return 250 * time.Millisecond }),
		kgo.DisableClientMetrics(),
	}, more...)...)
	if err != nil {
		return nil, fmt.Errorf("the Kafka client cannot be made for %q: %w", bootstrap, err)
	}
	return client, nil
}

// producer makes a client that writes where it is told, once, acknowledged by all in-sync replicas.
func (o Options) producer(buffered int, more ...kgo.Opt) (*kgo.Client, error) {
	return o.client(o.Link.bootstrap(), append([]kgo.Opt{
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.RecordDeliveryTimeout(deliveryTimeout),
		kgo.ProduceRequestTimeout(produceTimeout),
		kgo.MaxBufferedRecords(buffered),
		// A broker that has just come up may not know the topic yet.
		kgo.UnknownTopicRetries(-1),
		// No record is sent again under another number, so that giving one up cannot double it.
		kgo.AllowIdempotentProduceCancellation(),
	}, more...)...)
}
