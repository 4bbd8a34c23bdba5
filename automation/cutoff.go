package automation

import (
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// CutOff is a link that stays, and whose consumer loses the way to its brokers: for as long as they change one after the
// other, or until it is told.
type CutOff struct {
	Link string `json:"link"`
	Why  string `json:"why"`  // what becomes of what
	Keep string `json:"keep"` // settings of the link that leave it as it is
}

// cutOffs compares where a link's brokers listen, and at which ports its endpoint leads to them, with what the stack has
// exported before. Another name is not among it: who changes that knows it.
func cutOffs(earlier map[string]any, cluster *kafka.Cluster) (found []CutOff) {
	value, deployed := earlier[kafka.OutputKey]
	if !deployed {
		return nil
	}
	outputs, err := kafka.ParseOutputs(value)
	if err != nil {
		return nil // another version's: an up writes them anew
	}
	for _, l := range cluster.Links {
		before := outputs.Links[l.Name].PortMap
		if len(before) == 0 {
			continue
		}
		was := before[0]
		var why, keep []string
		if was.Listener != l.Listener || was.ListenerPort != l.ListenerPort {
			why = append(why, fmt.Sprintf("brokers listen on %s:%d, until now on %s:%d", l.Listener, l.ListenerPort, was.Listener, was.ListenerPort))
			keep = append(keep, "listener: "+was.Listener, fmt.Sprintf("listenerPort: %d", was.ListenerPort))
		}
		if base := was.EndpointPort - was.NodeID; base != l.PortBase {
			why = append(why, fmt.Sprintf("endpoint ports are counted from %d, until now from %d", l.PortBase, base))
			keep = append(keep, fmt.Sprintf("portBase: %d", base))
		}
		if why != nil {
			found = append(found, CutOff{Link: l.Name, Why: strings.Join(why, "; "), Keep: strings.Join(keep, ", ")})
		}
	}
	return found
}
