package host

import (
	"fmt"
	"regexp"
	"strconv"
)

const (
	minHeapMiB = 512
	maxHeapMiB = 6144
)

// HeapMiB is the heap for a machine with so much memory: a quarter of it, at least 512 and at most 6144
// MiB, and never more than half. The rest is page cache, from which Kafka serves reads. The host uses
// the same rule on /proc/meminfo when the memory is not known beforehand.
func HeapMiB(memoryMiB int) int {
	heap := min(max(memoryMiB/4, minHeapMiB), maxHeapMiB)
	return min(heap, memoryMiB/2)
}

var heapSyntax = regexp.MustCompile(`^([1-9][0-9]{0,6})([mMgG])$`)

// parseHeap reads 1536m or 2g as MiB.
func parseHeap(text string) (int, error) {
	parts := heapSyntax.FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("heap %q is not a number followed by m or g", text)
	}
	size, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0, err
	}
	if parts[2] == "g" || parts[2] == "G" {
		size *= 1024
	}
	return size, nil
}

// heapMiB of a machine; 0 when it is to be sized on the host.
func (m Machine) heapMiB() int {
	if heap, err := parseHeap(m.Config.Heap); err == nil {
		return heap
	}
	if m.MemoryMiB > 0 {
		return HeapMiB(m.MemoryMiB)
	}
	return 0
}
