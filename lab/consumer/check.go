package consumer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Check asks whether a link works: every address alone leads to the broker it must lead to; the brokers advertise
// exactly what the consumer must see; and records, written to a topic of its own through every broker with all
// replicas' acknowledgement, are read back as they were written. The topic is deleted again. The error says all that is
// wrong, one problem per line; the result says what was found also then.
func Check(ctx context.Context, options Options) (Result, error) {
	o, err := options.settled()
	if err != nil {
		return Result{Link: options.Link.Name}, err
	}
	ctx, cancel := o.within(ctx, checkTimeout)
	defer cancel()
	begin := time.Now()
	r := Result{Link: o.Link.Name}
	o.say("asking every address of link %q who answers there", o.Link.Name)
	r.Ports = o.ports(ctx)
	r.judgePorts()
	r.judgeMetadata(o.Link)
	if len(r.Problems) == 0 {
		o.records(ctx, &r)
	}
	r.Took = time.Since(begin)
	if len(r.Problems) == 0 {
		return r, nil
	}
	problems := []error{}
	for _, p := range r.Problems {
		problems = append(problems, errors.New(p))
	}
	return r, fmt.Errorf("link %q does not work as it must:\n%w", r.Link, errors.Join(problems...))
}

func (r *Result) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

func (r *Result) judgePorts() {
	for _, p := range r.Ports {
		at := p.Endpoint
		if p.Address != "" && p.Address != p.Endpoint {
			at += " (" + p.Address + ")"
		}
		switch {
		case p.Error != "" && p.WantBroker != AnyBroker:
			r.problem("%s does not lead to broker %d: %s", at, p.WantBroker, p.Error)
		case p.Error != "":
			r.problem("%s does not lead to Kafka: %s", at, p.Error)
		case p.WantBroker != AnyBroker && p.GotBroker != p.WantBroker:
			r.problem("%s leads to broker %d, but must lead to broker %d: look at the rule for this port, and its target",
				at, p.GotBroker, p.WantBroker)
		}
	}
}

// judgeMetadata says once what several brokers advertise alike.
func (r *Result) judgeMetadata(link Link) {
	var order []string
	said := map[string][]string{}
	for _, p := range r.Ports {
		if len(p.lists) == 0 {
			continue
		}
		if r.Metadata == nil {
			r.Metadata = p.lists
		}
		for _, d := range link.differences(p.lists) {
			if said[d] == nil {
				order = append(order, d)
			}
			said[d] = append(said[d], p.Endpoint)
		}
	}
	for _, d := range order {
		r.problem("%s (so says metadata from %s)", d, strings.Join(said[d], ", "))
	}
}

// records go through the link, to all brokers, and back.
func (o Options) records(ctx context.Context, r *Result) {
	o.say("making a topic")
	t, err := o.makeTopic(ctx, "check")
	r.Topic, r.Partitions, r.Replication, r.Leaders = t.name, t.partitions, t.replication, t.leaders
	defer func() {
		if err := o.deleteTopic(ctx, t.name); err != nil {
			r.problem("%v", err)
		}
	}()
	if err != nil {
		r.problem("%v", err)
		return
	}
	for _, b := range o.Link.Brokers {
		if t.leaders[b.ID] == 0 {
			r.problem("broker %d leads no partition of topic %s, so nothing is written through its address %s",
				b.ID, t.name, b.Address())
		}
	}
	o.say("writing %d records to topic %s", t.partitions*o.Records, t.name)
	l := newLedger()
	if err := o.write(ctx, t, l); err != nil {
		r.problem("%v", err)
	}
	o.say("reading topic %s back", t.name)
	err = o.readBack(ctx, t, l.found)
	if err != nil {
		r.problem("%v", err)
	}
	sum := l.tally(err == nil)
	r.Produced, r.Acknowledged, r.Read, r.Mismatched = sum.sent, sum.acknowledged, sum.read, sum.mismatched
	for reason, n := range sum.failures {
		r.problem("%d of %d records were not acknowledged: %s", n, sum.sent, reason)
	}
	if sum.mismatches > 0 {
		r.problem("%d records were not read as they were written: %s", sum.mismatches, first(sum.mismatched, 3))
	}
}

// write sends every partition its records and waits for their acknowledgements.
func (o Options) write(ctx context.Context, t topic, l *ledger) error {
	client, err := o.producer(o.Records*t.partitions + 1)
	if err != nil {
		return err
	}
	defer client.Close()
	var settled sync.WaitGroup
	for range o.Records {
		for p := range int32(t.partitions) {
			number, record := l.next(t.name, p)
			settled.Add(1)
			client.Produce(ctx, record, func(r *kgo.Record, err error) {
				defer settled.Done()
				l.settle(number, r, err)
			})
		}
	}
	settled.Wait() // every record is settled when ctx ends, at the latest
	return nil
}
