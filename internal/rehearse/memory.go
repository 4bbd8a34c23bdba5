//go:build linux

package rehearse

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// memory watches how much the rehearsal's processes hold: this one and all it started, the hosts' with them. Pages
// that several share are counted in parts (PSS); page cache is not counted.
type memory struct {
	ended chan struct{}
	done  sync.WaitGroup

	mu   sync.Mutex
	most int // KiB
}

const betweenLooks = 5 * time.Second

func watchMemory() *memory {
	m := &memory{ended: make(chan struct{})}
	m.done.Go(func() {
		ticker := time.NewTicker(betweenLooks)
		defer ticker.Stop()
		for {
			m.look()
			select {
			case <-m.ended:
				return
			case <-ticker.C:
			}
		}
	})
	return m
}

// stop ends the watch and gives the most that was held, in MiB.
func (m *memory) stop() int {
	close(m.ended)
	m.done.Wait()
	return m.peak()
}

func (m *memory) peak() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.most / 1024
}

func (m *memory) look() {
	total := 0
	for _, pid := range descendants(os.Getpid()) {
		total += proportional(pid)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.most = max(m.most, total)
}

// descendants of a process, itself included.
func descendants(root int) []int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has just ended
		}
		// The second field is a name in parentheses, which may hold anything.
		cut := strings.LastIndex(string(text), ")")
		var pid, parent int
		var state string
		if _, err := fmt.Sscan(string(text), &pid); err != nil || cut < 0 {
			continue
		}
		if _, err := fmt.Sscan(string(text[cut+1:]), &state, &parent); err == nil {
			children[parent] = append(children[parent], pid)
		}
	}
	all := []int{root}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// proportional is a process's proportional set size in KiB; 0 for one that has ended.
func proportional(pid int) int {
	file, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "Pss:"); ok {
			size, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			return size
		}
	}
	return 0
}
