//go:build linux

package image

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// once gives the cache's entry of this name, a directory; where it is missing, build fills a directory of another name,
// which is given the entry's name when it is complete. What an interrupted build left is removed by the next.
func (b builder) once(ctx context.Context, name string, build func(partial string) error) (string, error) {
	entry := filepath.Join(b.cache, name)
	if _, err := os.Stat(entry); err == nil {
		return entry, nil
	}
	unlock, err := b.lock(ctx, name)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(entry); err == nil {
		return entry, nil
	}
	partial := entry + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return "", err
	}
	if err := os.Mkdir(partial, 0o755); err != nil {
		return "", err
	}
	if err := errors.Join(os.Chmod(partial, 0o755), build(partial)); err != nil {
		return "", errors.Join(err, os.RemoveAll(partial))
	}
	if err := os.Rename(partial, entry); err != nil {
		return "", errors.Join(err, os.RemoveAll(partial))
	}
	return entry, nil
}

// lock keeps others, in this process and elsewhere, from building the entry. The kernel releases it with its holder.
func (b builder) lock(ctx context.Context, name string) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(b.cache, "."+name+".lock"), os.O_CREATE|os.O_RDWR|unix.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, err
	}
	told := false
	for {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", file.Name(), err), file.Close())
		}
		if !told {
			b.progress("waiting for another run, which builds " + name)
			told = true
		}
		// A blocking flock could not be left when ctx ends.
		select {
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), file.Close())
		case <-time.After(200 * time.Millisecond):
		}
	}
}
