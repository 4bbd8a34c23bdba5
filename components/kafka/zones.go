package kafka

import (
	"iter"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// AllZones are the zones that a cluster asks for, each with its path: those over which it is spread, and those of listed
// nodes, "" where a node has none.
func (s Spec) AllZones() iter.Seq2[*field.Path, string] {
	return func(yield func(*field.Path, string) bool) {
		for i, zone := range s.Zones {
			if !yield(clusterPath.Child("zones").Index(i), zone) {
				return
			}
		}
		for i, n := range s.Nodes {
			if !yield(clusterPath.Child("nodes").Index(i).Child("zone"), n.Zone) {
				return
			}
		}
	}
}
