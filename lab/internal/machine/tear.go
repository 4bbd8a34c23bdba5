//go:build linux

package machine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// shutdownRequest is FS_IOC_SHUTDOWN of linux/fs.h, which ext4 and XFS know: every access fails from then on.
const shutdownRequest = 0x8004587d

// withoutFlush is its flag for not writing anything back, as when a disk is gone.
const withoutFlush = 2

// tear makes what a running host has mounted from a disk fail, and unmounts it.
func (h *Host) tear(d *Disk) error {
	leader := h.Leader()
	if leader == 0 {
		return nil
	}
	points, err := mountsOf(leader, fmt.Sprintf("%d:%d", loopMajor, d.number))
	if err != nil || len(points) == 0 {
		return err
	}
	if err := shutdown(inHost(leader, points[0])); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), plugTimeout)
	defer cancel()
	for _, point := range points {
		result, err := h.Exec(ctx, "umount", "--lazy", point)
		if errors.Is(err, ErrDown) {
			return nil
		}
		if err != nil {
			return err
		}
		if result.ExitCode != 0 {
			return fmt.Errorf("umount %s: exit code %d: %s", point, result.ExitCode, strings.TrimSpace(result.Stderr))
		}
	}
	return d.waitUnused()
}

// mountsOf are the mount points of a device "major:minor", as a process sees them.
func mountsOf(process int, device string) (points []string, err error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/mountinfo", process))
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 4 && fields[2] == device {
			points = append(points, asKernelWrites.Replace(fields[4]))
		}
	}
	return points, lines.Err()
}

// shutdown makes the file system of a directory fail whatever is asked of it.
func shutdown(directory string) error {
	file, err := os.Open(directory)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	return unix.IoctlSetPointerInt(int(file.Fd()), shutdownRequest, withoutFlush)
}
