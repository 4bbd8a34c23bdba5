//go:build linux

package machine

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// RemoveLeftovers ends what a run that was killed has left under dir, where its hosts' directories and disks are:
// control groups and what runs in them, loop devices, mounts; then it removes dir. Only call it when no run uses dir
// any more.
func RemoveLeftovers(dir string) error {
	if !filepath.IsAbs(dir) || filepath.Clean(dir) != dir || dir == "/" {
		return fmt.Errorf("leftovers in %q: want an absolute, clean path", dir)
	}
	groups, err := groupsUnder(dir)
	for _, group := range groups {
		err = errors.Join(err, emptyGroup(group))
	}
	err = errors.Join(err, removeGroups(groups), unmountUnder(dir), detachUnder(dir))
	if err == nil {
		// Not before: with a mount in it, this would remove what is mounted.
		err = os.RemoveAll(dir)
	}
	if err != nil {
		return fmt.Errorf("remove what is left under %s: %w", dir, err)
	}
	return nil
}

// unmountUnder unmounts what this process sees mounted under dir. Hosts mount nothing there that others see.
func unmountUnder(dir string) error {
	points, err := mountsUnder(dir)
	// The last one mounted first.
	for _, point := range slices.Backward(points) {
		if failed := unix.Unmount(point, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW); failed != nil {
			err = errors.Join(err, fmt.Errorf("unmount %s: %w", point, failed))
		}
	}
	return err
}

// asKernelWrites reads the paths of a mountinfo file.
var asKernelWrites = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)

func mountsUnder(dir string) ([]string, error) {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	var points []string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 5 {
			continue
		}
		if point := asKernelWrites.Replace(fields[4]); isUnder(point, dir) {
			points = append(points, point)
		}
	}
	return points, lines.Err()
}

// detachUnder detaches the loop devices of files under dir.
func detachUnder(dir string) error {
	devices, err := loopsUnder(dir)
	for _, device := range devices {
		err = errors.Join(err, detachLoop(device))
	}
	return err
}

// loopsUnder are the loop devices of files under dir, as paths.
func loopsUnder(dir string) ([]string, error) {
	infos, err := filepath.Glob("/sys/block/loop*/loop/backing_file")
	if err != nil {
		return nil, err
	}
	var found []string
	for _, info := range infos {
		backing, err := os.ReadFile(info)
		if err != nil {
			continue // detached meanwhile
		}
		if isUnder(strings.TrimSuffix(strings.TrimSpace(string(backing)), " (deleted)"), dir) {
			found = append(found, "/dev/"+strings.Split(info, "/")[3])
		}
	}
	return found, nil
}

func detachLoop(device string) error {
	file, err := os.Open(device)
	if err != nil {
		return err
	}
	err = unix.IoctlSetInt(int(file.Fd()), unix.LOOP_CLR_FD, 0)
	if errors.Is(err, unix.ENXIO) || errors.Is(err, fs.ErrNotExist) {
		err = nil // it is detached
	}
	return errors.Join(err, file.Close())
}
