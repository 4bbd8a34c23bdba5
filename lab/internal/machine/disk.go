//go:build linux

package machine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Disk is a data disk: a sparse file behind a loop device. The kernel detaches the device when this process has ended
// and no host has it mounted any more.
type Disk struct {
	file   string
	mu     sync.Mutex
	loop   *os.File // nil: closed
	number int
	host   *Host // that it is attached to
}

const (
	gib       = 1 << 30
	loopMajor = 7
)

// OpenDisk makes the file, or takes the one that is there with what is on it, and puts a loop device in front of it. A
// file that is larger stays so.
func OpenDisk(file string, sizeGiB int) (*Disk, error) {
	if sizeGiB <= 0 {
		return nil, fmt.Errorf("disk %s: a size of %d GiB", file, sizeGiB)
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	backing, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer backing.Close() //nolint:errcheck // the loop device has its own
	info, err := backing.Stat()
	if err != nil {
		return nil, err
	}
	if size := int64(sizeGiB) * gib; info.Size() < size {
		if err := backing.Truncate(size); err != nil {
			return nil, fmt.Errorf("disk %s: %w", file, err)
		}
	}
	d := &Disk{file: file}
	if d.loop, d.number, err = attachLoop(backing); err != nil {
		return nil, fmt.Errorf("disk %s: attach a loop device: %w", file, err)
	}
	return d, nil
}

// attachLoop puts a free loop device in front of a file.
func attachLoop(backing *os.File) (*os.File, int, error) {
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return nil, 0, err
	}
	defer control.Close() //nolint:errcheck // only asked
	for {
		number, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
		if err != nil {
			return nil, 0, err
		}
		path := loopPath(number)
		// Where no udev makes devices.
		device := int(unix.Mkdev(loopMajor, uint32(number)))
		if err := unix.Mknod(path, unix.S_IFBLK|0o660, device); err != nil && !errors.Is(err, unix.EEXIST) {
			return nil, 0, fmt.Errorf("make %s: %w", path, err)
		}
		loop, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return nil, 0, err
		}
		config := unix.LoopConfig{Fd: uint32(backing.Fd())}
		config.Info.Flags = unix.LO_FLAGS_AUTOCLEAR
		copy(config.Info.File_name[:len(config.Info.File_name)-1], backing.Name())
		if err := unix.IoctlLoopConfigure(int(loop.Fd()), &config); err == nil {
			return loop, number, nil
		} else if err := errors.Join(err, loop.Close()); !errors.Is(err, unix.EBUSY) {
			return nil, 0, err
		}
		// Somebody else was quicker.
	}
}

func loopPath(number int) string { return fmt.Sprintf("/dev/loop%d", number) }

// Grow enlarges a disk, attached or not; its file system stays as it is. A size that it has already changes nothing,
// a smaller one is an error.
func (d *Disk) Grow(sizeGiB int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	info, err := os.Stat(d.file)
	if err != nil {
		return err
	}
	size := int64(sizeGiB) * gib
	switch {
	case d.loop == nil:
		return fmt.Errorf("disk %s is closed", d.file)
	case size == info.Size():
		return nil
	case size < info.Size():
		return fmt.Errorf("disk %s has %d GiB and cannot shrink to %d", d.file, info.Size()/gib, sizeGiB)
	}
	if err := os.Truncate(d.file, size); err != nil {
		return err
	}
	if err := unix.IoctlSetInt(int(d.loop.Fd()), unix.LOOP_SET_CAPACITY, 0); err != nil {
		return fmt.Errorf("disk %s: tell its loop device of the new size: %w", d.file, err)
	}
	return nil
}

// Close detaches the loop device and keeps the file. A disk that a host has is not closed: detach it there, or destroy
// the host. It may be called twice.
func (d *Disk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.loop == nil {
		return nil
	}
	if d.host != nil {
		return fmt.Errorf("disk %s is attached to host %s", d.file, d.host.spec.Name)
	}
	if d.used() {
		return fmt.Errorf("disk %s is mounted", d.file)
	}
	// The kernel does not write back what it detaches. Whoever else has it open, such as udev for a moment, delays the
	// second step without an error.
	err := errors.Join(d.loop.Sync(), unix.IoctlSetInt(int(d.loop.Fd()), unix.LOOP_CLR_FD, 0), d.loop.Close())
	d.loop = nil
	if err != nil {
		return fmt.Errorf("disk %s: detach its loop device: %w", d.file, err)
	}
	return nil
}

// Remove closes the disk and removes its file.
func (d *Disk) Remove() error {
	if err := d.Close(); err != nil {
		return err
	}
	if err := os.Remove(d.file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// used says whether somebody, anywhere on this machine, has the disk mounted. The disk is locked.
func (d *Disk) used() bool {
	file, err := unix.Open(loopPath(d.number), unix.O_RDWR|unix.O_EXCL|unix.O_CLOEXEC, 0)
	if err != nil {
		return errors.Is(err, unix.EBUSY)
	}
	_ = unix.Close(file) // nothing was written
	return false
}

// waitUnused returns when no mount of the disk is left, in a host that was killed.
func (d *Disk) waitUnused() error {
	return within(30*time.Second, func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.loop != nil && d.used() {
			return fmt.Errorf("disk %s is still mounted", d.file)
		}
		return nil
	})
}
