package consumer

import (
	"sync"
	"time"
)

// pulse knows when each partition last acknowledged something, and tells those who wait for it.
type pulse struct {
	mu      sync.Mutex
	last    []time.Time
	gap     []time.Duration
	newest  []int // number of the newest record that was acknowledged; -1: none
	changed chan struct{}
}

func newPulse(partitions int, begin time.Time) *pulse {
	p := &pulse{
		last: make([]time.Time, partitions), gap: make([]time.Duration, partitions),
		newest: make([]int, partitions), changed: make(chan struct{}),
	}
	for i := range partitions {
		p.last[i], p.newest[i] = begin, -1
	}
	return p
}

// beat notes the acknowledgement of a partition's record.
func (p *pulse) beat(partition int32, number int, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gap[partition] = max(p.gap[partition], at.Sub(p.last[partition]))
	p.last[partition] = at
	p.newest[partition] = max(p.newest[partition], number)
	close(p.changed)
	p.changed = make(chan struct{})
}

// since gives the partitions that have acknowledged no record with this number or a later one, and a channel that
// closes at the next acknowledgement.
func (p *pulse) since(number int) (changed <-chan struct{}, missing []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for partition, newest := range p.newest {
		if newest < number {
			missing = append(missing, partition)
		}
	}
	return p.changed, missing
}

// end counts the silence up to the end of the sending. An acknowledgement that comes later still counts.
func (p *pulse) end(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for partition, last := range p.last {
		p.gap[partition] = max(p.gap[partition], at.Sub(last))
	}
}

func (p *pulse) quiet(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	longest := time.Duration(0)
	for _, last := range p.last {
		longest = max(longest, now.Sub(last))
	}
	return longest
}

func (p *pulse) longest() (time.Duration, int32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	where := 0
	for partition, gap := range p.gap {
		if gap > p.gap[where] {
			where = partition
		}
	}
	return p.gap[where], int32(where)
}
