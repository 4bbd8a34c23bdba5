package azure

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

var allPorts = fabric.PortRange{First: 0, Last: 65535}

// ports reads the ports of a rule, in order and without overlap. None at all with some means every port; some is false
// if there is none.
func (r *reader) ports(rule string, texts []string) (ranges []fabric.PortRange, some bool) {
	var read []fabric.PortRange
	for _, text := range texts {
		ports, ok := portRange(text)
		if !ok {
			r.Say("%s: %q is no range of ports, and matches nothing", rule, text)
			continue
		}
		read = append(read, ports)
	}
	slices.SortFunc(read, func(a, b fabric.PortRange) int { return cmp.Compare(a.First, b.First) })
	for _, next := range read {
		if last := len(ranges) - 1; last >= 0 && next.First <= ranges[last].Last {
			ranges[last].Last = max(ranges[last].Last, next.Last)
			continue
		}
		ranges = append(ranges, next)
	}
	if len(ranges) > 0 && ranges[0] == allPorts {
		return nil, true // so that protocols without ports match too
	}
	return ranges, len(ranges) > 0
}

// portRange reads "*", "39092" or "9093-9095".
func portRange(text string) (fabric.PortRange, bool) {
	if text == "*" {
		return allPorts, true
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	low, err := strconv.ParseUint(strings.TrimSpace(first), 10, 16)
	high, alsoErr := strconv.ParseUint(strings.TrimSpace(last), 10, 16)
	if err != nil || alsoErr != nil || low > high {
		return fabric.PortRange{}, false
	}
	return fabric.PortRange{First: uint16(low), Last: uint16(high)}, true
}
