//go:build linux

package lab

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/kafkalink/kafkalink/lab/internal/image"
	"github.com/kafkalink/kafkalink/lab/internal/machine"
	"github.com/kafkalink/kafkalink/lab/internal/network"
)

// runs is where labs keep what lives as long as they do. Not /run and not /tmp: both may be memory.
const runs = "/var/lib/kafkalink-lab"

// run is one lab's place. Its lock is held as long as its process lives; what is unlocked is a leftover.
type run struct {
	dir    string
	prefix string // of namespaces and machines
	lock   *os.File
}

func begin() (*run, error) {
	if err := os.MkdirAll(runs, 0o711); err != nil {
		return nil, fmt.Errorf("make room for the lab: %w", err)
	}
	random := make([]byte, 3)
	_, _ = rand.Read(random) // never fails
	r := &run{prefix: "kl" + hex.EncodeToString(random)}
	r.dir = filepath.Join(runs, r.prefix)
	if err := os.Mkdir(r.dir, 0o711); err != nil {
		return nil, fmt.Errorf("make room for the lab: %w", err)
	}
	var err error
	if r.lock, err = lockRun(r.dir); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the lab's directory: %w", err), os.RemoveAll(r.dir))
	}
	return r, nil
}

func lockRun(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (r *run) end() error {
	return errors.Join(os.RemoveAll(r.dir), r.lock.Close())
}

// Clean removes what labs left behind whose process is gone, and names each.
func Clean() (removed []string, err error) {
	entries, err := os.ReadDir(runs)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for leftovers of labs: %w", err)
	}
	var failed []error
	for _, entry := range entries {
		r := &run{prefix: entry.Name(), dir: filepath.Join(runs, entry.Name())}
		if r.lock, err = lockRun(r.dir); errors.Is(err, unix.EWOULDBLOCK) {
			continue // at work
		} else if err != nil {
			failed = append(failed, err)
			continue
		}
		err := errors.Join(machine.RemoveLeftovers(r.dir), network.Remove(r.prefix), r.end())
		if err != nil {
			failed = append(failed, fmt.Errorf("remove what lab %s left behind: %w", r.prefix, err))
			continue
		}
		removed = append(removed, r.prefix)
	}
	return removed, errors.Join(failed...)
}

// Possible tells whether this machine can be a lab, or what it lacks and how to get it.
func Possible() error {
	if os.Geteuid() != 0 {
		return errors.New("a lab makes network namespaces and boots hosts, which only root may do: run it as root")
	}
	return image.Missing()
}

func defaultCache() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the lab's host image: %w: set HOME or XDG_CACHE_HOME", err)
	}
	return filepath.Join(cache, "kafkalink", "lab"), nil
}
