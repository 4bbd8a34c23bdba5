package consumer

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"
)

// sent gives a ledger of acknowledged records, one per offset of partition 0, as they would be read.
func sent(n int) (*ledger, []*kgo.Record) {
	l := newLedger()
	var records []*kgo.Record
	for offset := range int64(n) {
		number, r := l.next("t", 0)
		r.Offset = offset
		l.settle(number, r, nil)
		records = append(records, r)
	}
	return l, records
}

func TestLedger(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about string
		alter func(records []*kgo.Record) []*kgo.Record
		want  tally
	}{
		{"all as it was sent", func(rs []*kgo.Record) []*kgo.Record { return rs }, tally{read: 3}},
		{"in another order", func(rs []*kgo.Record) []*kgo.Record { return []*kgo.Record{rs[2], rs[0], rs[1]} }, tally{read: 3}},
		{"one is lost", func(rs []*kgo.Record) []*kgo.Record { return rs[1:] }, tally{read: 2, lost: 1, mismatches: 1,
			mismatched: []string{"partition 0, offset 0: record 0 was acknowledged, but is not there"}}},
		{"one is doubled", func(rs []*kgo.Record) []*kgo.Record {
			again := *rs[1]
			again.Offset = 3
			return append(rs, &again)
		}, tally{read: 3, duplicates: 1, mismatches: 1,
			mismatched: []string{"partition 0, offset 3: record 1 was read already"}}},
		{"a value is changed", func(rs []*kgo.Record) []*kgo.Record {
			rs[1].Value[0] ^= 1
			return rs
		}, tally{read: 2, lost: 1, mismatches: 2, mismatched: []string{
			"partition 0, offset 1: record 1 is not what was sent",
			"partition 0, offset 1: record 1 was acknowledged, but is not there"}}},
		{"a key is changed", func(rs []*kgo.Record) []*kgo.Record {
			rs[1].Key[keyBytes-1] ^= 1
			return rs
		}, tally{read: 2, lost: 1, mismatches: 2, mismatched: []string{
			"partition 0, offset 1: record 1 is not what was sent",
			"partition 0, offset 1: record 1 was acknowledged, but is not there"}}},
		{"one is in another partition", func(rs []*kgo.Record) []*kgo.Record {
			rs[1].Partition = 7
			return rs
		}, tally{read: 2, lost: 1, mismatches: 2, mismatched: []string{
			"partition 7, offset 1: record 1 was sent to partition 0",
			"partition 0, offset 1: record 1 was acknowledged, but is not there"}}},
		{"one is at another offset", func(rs []*kgo.Record) []*kgo.Record {
			rs[2].Offset = 9
			return rs
		}, tally{read: 3, mismatches: 1,
			mismatched: []string{"partition 0, offset 9: record 2 was acknowledged at offset 2"}}},
		{"one is nobody's", func(rs []*kgo.Record) []*kgo.Record {
			return append(rs, &kgo.Record{Offset: 3, Key: make([]byte, 3)})
		}, tally{read: 3, mismatches: 1, mismatched: []string{"partition 0, offset 3: nobody sent this record"}}},
		{"one is of another load", func(rs []*kgo.Record) []*kgo.Record {
			_, others := sent(4)
			others[3].Offset = 3
			return append(rs, others[3])
		}, tally{read: 3, mismatches: 1, mismatched: []string{"partition 0, offset 3: nobody sent this record"}}},
	}
	for _, test := range tests {
		t.Run(test.about, func(t *testing.T) {
			t.Parallel()
			l, records := sent(3)
			for _, r := range test.alter(records) {
				l.found(r)
			}
			test.want.counts, test.want.failures = counts{sent: 3, acknowledged: 3}, map[string]int{}
			require.Equal(t, test.want, l.tally(true))
		})
	}
}

func TestLedgerOfRecordsThatWereNotAcknowledged(t *testing.T) {
	t.Parallel()
	l := newLedger()
	_, read := l.next("t", 0)
	for n := range 2 {
		number, r := l.next("t", 0)
		require.Equal(t, n+1, number)
		l.settle(number, r, errors.New("too late"))
	}
	l.found(read) // whatever was said of it: it may be there
	require.Equal(t, tally{counts: counts{sent: 3, failed: 2}, failures: map[string]int{"too late": 2}, read: 1}, l.tally(true))
}

func TestLedgerSaysNothingIsLostBeforeAllWasRead(t *testing.T) {
	t.Parallel()
	l, _ := sent(3)
	require.Zero(t, l.tally(false).lost)
	require.Equal(t, 3, l.tally(true).lost)
}

func TestLedgerKeepsTheFirstMismatches(t *testing.T) {
	t.Parallel()
	l, _ := sent(mostMismatches + 5)
	got := l.tally(true)
	require.Equal(t, mostMismatches+5, got.mismatches)
	require.Len(t, got.mismatched, mostMismatches)
}

func TestPulse(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	at := func(seconds int) time.Time { return begin.Add(time.Duration(seconds) * time.Second) }
	p := newPulse(2, begin)
	changed, missing := p.since(0)
	require.Equal(t, []int{0, 1}, missing)
	p.beat(0, 0, at(1))
	require.NotPanics(t, func() { <-changed })
	p.beat(1, 1, at(2))
	_, missing = p.since(1)
	require.Equal(t, []int{0}, missing, "record 1 or later, of each partition")
	p.beat(0, 2, at(6))
	_, missing = p.since(1)
	require.Empty(t, missing)
	gap, partition := p.longest()
	require.Equal(t, 5*time.Second, gap)
	require.Equal(t, int32(0), partition)
	require.Equal(t, 6*time.Second, p.quiet(at(8)))
	p.end(at(9))
	gap, partition = p.longest()
	require.Equal(t, 7*time.Second, gap, "the silence before the end counts")
	require.Equal(t, int32(1), partition)
}
