package network

import "context"

// Counters gives what the rules of the network have counted since it was opened, in the order in which a packet from
// the consumer meets them. Rules that were replaced by others are not in it; one that comes back counts on.
func (n *Network) Counters(ctx context.Context) ([]Counter, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, ErrClosed
	}
	return n.counters(ctx)
}

func (n *Network) counters(ctx context.Context) ([]Counter, error) {
	var counters []Counter
	for _, t := range []*tableState{n.linkTable, n.vnetTable} {
		rules, err := t.list(ctx)
		if err != nil {
			return nil, err
		}
		packets := map[string]uint64{}
		for _, rule := range rules {
			packets[rule.id] = rule.packets
		}
		for _, d := range t.rules.decisions {
			counters = append(counters, Counter{
				ID: d.id, Where: t.rules.where, What: d.what, Drops: d.drops, Packets: t.earlier[d.id] + packets[d.id],
			})
		}
	}
	return counters, nil
}
