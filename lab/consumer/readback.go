package consumer

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// readBack reads a topic from its beginning to where it ends now, with a client that begins anew.
func (o Options) readBack(ctx context.Context, t topic, found func(*kgo.Record)) error {
	from := map[int32]kgo.Offset{}
	for p := range int32(t.partitions) {
		from[p] = kgo.NewOffset().AtStart()
	}
	client, err := o.client(o.Link.bootstrap(), kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{t.name: from}))
	if err != nil {
		return err
	}
	defer client.Close()
	ends, err := endsOf(ctx, client, t)
	if err != nil {
		return err
	}
	unread := map[int32]int64{}
	for p, end := range ends {
		if end > 0 {
			unread[p] = end
		}
	}
	var last error
	for len(unread) > 0 {
		fetches := client.PollFetches(ctx)
		fetches.EachError(func(_ string, partition int32, err error) {
			last = fmt.Errorf("partition %d: %w", partition, err)
		})
		if fetches.IsClientClosed() || ctx.Err() != nil {
			return fmt.Errorf("topic %s could not be read to its end, partitions %v are missing: %w",
				t.name, sorted(unread), errors.Join(ctx.Err(), last))
		}
		fetches.EachRecord(func(r *kgo.Record) {
			found(r)
			if end, ok := unread[r.Partition]; ok && r.Offset+1 >= end {
				delete(unread, r.Partition)
			}
		})
	}
	return nil
}

// endsOf asks for the offsets after each partition's last record. A leader that is new to it says so until it knows
// all that its predecessor has acknowledged.
func endsOf(ctx context.Context, client *kgo.Client, t topic) (map[int32]int64, error) {
	admin := kadm.NewClient(client)
	for {
		listed, err := admin.ListEndOffsets(ctx, t.name)
		if err == nil {
			err = listed.Error()
		}
		ends := map[int32]int64{}
		listed.Each(func(o kadm.ListedOffset) { ends[o.Partition] = o.Offset })
		if err == nil && len(ends) == t.partitions {
			return ends, nil
		}
		if waiting := sleep(ctx, pollInterval); waiting != nil {
			return nil, fmt.Errorf("where topic %s ends could not be learned: %w", t.name, errors.Join(err, waiting))
		}
	}
}
