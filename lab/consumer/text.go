package consumer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// first shows the first few of many.
func first(all []string, n int) string {
	if len(all) <= n {
		return strings.Join(all, "; ")
	}
	return fmt.Sprintf("%s; and more", strings.Join(all[:n], "; "))
}
