package host

import "testing"

func TestHeapMiB(t *testing.T) {
	t.Parallel()
	for memory, want := range map[int]int{
		512: 256, 1024: 512, 2048: 512, 4096: 1024, 8192: 2048, 16384: 4096, 24576: 6144, 65536: 6144,
	} {
		if got := HeapMiB(memory); got != want {
			t.Errorf("HeapMiB(%d) = %d, want %d", memory, got, want)
		}
	}
}

func TestParseHeap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"2g": 2048, "1536m": 1536, "1G": 1024, "512M": 512} {
		if got, err := parseHeap(text); err != nil || got != want {
			t.Errorf("parseHeap(%s) = %d, %v, want %d", text, got, err, want)
		}
	}
}
