package consumer

import "fmt"

// differences says what is wrong with the brokers that a broker lists.
func (l Link) differences(listed []Broker) []string {
	var found []string
	seen := map[int32]bool{}
	for _, b := range listed {
		seen[b.ID] = true
		want, known := l.broker(b.ID)
		switch {
		case !known:
			found = append(found, fmt.Sprintf("broker %d is advertised at %s, but link %q has no such broker",
				b.ID, b.Address(), l.Name))
		case want != b:
			found = append(found, fmt.Sprintf("broker %d is advertised at %s, but the consumer must see it at %s: "+
				"look at its advertised.listeners", b.ID, b.Address(), want.Address()))
		}
	}
	for _, want := range l.Brokers {
		if !seen[want.ID] {
			found = append(found, fmt.Sprintf("broker %d (%s) is not advertised: it is down, or not in this cluster",
				want.ID, want.Address()))
		}
	}
	return found
}
