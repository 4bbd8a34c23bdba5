package consumer

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	mathrand "math/rand/v2"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	mostMismatches = 100
	// A record's key is its number, then random bytes; its value is random, in length too.
	numberBytes = 8
	keyBytes    = 16
	mostBytes   = 2048
)

// ledger knows every record that was sent, what was said of it, and how often it was found. The records' contents are
// drawn from a seed, so that they need not be kept.
type ledger struct {
	seed [32]byte

	mu         sync.Mutex
	entries    []entry // by number
	sum        counts
	failures   map[string]int
	mismatches int
	mismatched []string // the first of them
}

// counts of records that were sent, and of what was said of them.
type counts struct{ sent, acknowledged, failed int }

type entry struct {
	offset    int64 // -1: not acknowledged
	partition int32
	seen      int32
}

func newLedger() *ledger {
	l := &ledger{failures: map[string]int{}}
	_, _ = rand.Read(l.seed[:]) // never fails
	return l
}

// next makes a new record for a partition, and gives it a number.
func (l *ledger) next(topic string, partition int32) (int, *kgo.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := len(l.entries)
	l.sum.sent++
	l.entries = append(l.entries, entry{offset: -1, partition: partition})
	key, value := l.contents(number)
	return number, &kgo.Record{Topic: topic, Partition: partition, Key: key, Value: value}
}

func (l *ledger) contents(number int) (key, value []byte) {
	seed := l.seed
	at := binary.BigEndian.Uint64(seed[:])
	binary.BigEndian.PutUint64(seed[:], at^uint64(number))
	random := mathrand.NewChaCha8(seed)
	key = make([]byte, keyBytes)
	value = make([]byte, 1+random.Uint64()%mostBytes)
	_, _ = random.Read(key)
	_, _ = random.Read(value)
	binary.BigEndian.PutUint64(key, uint64(number))
	return key, value
}

// settle notes what Kafka said of a record.
func (l *ledger) settle(number int, r *kgo.Record, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.sum.failed++
		l.failures[err.Error()]++
		return
	}
	l.sum.acknowledged++
	l.entries[number].offset = r.Offset
	if want := l.entries[number].partition; r.Partition != want {
		l.mismatch("record %d was acknowledged in partition %d, but sent to %d", number, r.Partition, want)
	}
}

// found notes a record that was read.
func (l *ledger) found(r *kgo.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := uint64(math.MaxUint64)
	if len(r.Key) == keyBytes {
		number = binary.BigEndian.Uint64(r.Key[:numberBytes])
	}
	if number >= uint64(len(l.entries)) {
		l.mismatch("partition %d, offset %d: nobody sent this record", r.Partition, r.Offset)
		return
	}
	e := &l.entries[number]
	key, value := l.contents(int(number))
	switch {
	case !bytes.Equal(r.Key, key), !bytes.Equal(r.Value, value):
		l.mismatch("partition %d, offset %d: record %d is not what was sent", r.Partition, r.Offset, number)
		return
	case r.Partition != e.partition:
		l.mismatch("partition %d, offset %d: record %d was sent to partition %d",
			r.Partition, r.Offset, number, e.partition)
		return
	}
	e.seen++
	switch {
	case e.seen > 1:
		l.mismatch("partition %d, offset %d: record %d was read already", r.Partition, r.Offset, number)
	case e.offset >= 0 && e.offset != r.Offset:
		l.mismatch("partition %d, offset %d: record %d was acknowledged at offset %d",
			r.Partition, r.Offset, number, e.offset)
	}
}

// mismatch needs the lock.
func (l *ledger) mismatch(format string, args ...any) {
	l.mismatches++
	if len(l.mismatched) < mostMismatches {
		l.mismatched = append(l.mismatched, fmt.Sprintf(format, args...))
	}
}

// counts of now.
func (l *ledger) counts() counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sum
}

// tally is what became of the records.
type tally struct {
	counts
	failures               map[string]int // by reason
	read, lost, duplicates int
	mismatches             int
	mismatched             []string
}

// tally counts, once, after the reading. Whether records are lost can only be said if everything was read.
func (l *ledger) tally(everythingWasRead bool) tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := tally{counts: l.sum, failures: maps.Clone(l.failures)}
	for number, e := range l.entries {
		switch {
		case e.seen > 0:
			t.read++
			t.duplicates += int(e.seen) - 1
		case e.offset >= 0 && everythingWasRead:
			t.lost++
			l.mismatch("partition %d, offset %d: record %d was acknowledged, but is not there",
				e.partition, e.offset, number)
		}
	}
	t.mismatches, t.mismatched = l.mismatches, slices.Clone(l.mismatched)
	return t
}
