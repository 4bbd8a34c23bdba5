package host

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// diskPath is where a machine finds its data disk.
const diskPath = "/run/machine/lun0"

// dataDisk is a file that outlives machines, as a block device.
type dataDisk struct {
	t      *testing.T
	file   string
	device string
}

// newDataDisk is removed at the test's end. A run that was killed leaves its loop device; the next run
// finds it by the process id in its file's name.
func newDataDisk(t *testing.T) *dataDisk {
	t.Helper()
	detachLeftovers(t)
	file := filepath.Join(t.TempDir(), fmt.Sprintf("kafkalink-disk-%d", os.Getpid()))
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, 256<<20); err != nil {
		t.Fatal(err)
	}
	device, err := exec.Command("losetup", "--find", "--show", file).CombinedOutput()
	if err != nil {
		t.Fatalf("losetup: %v: %s", err, device)
	}
	d := &dataDisk{t: t, file: file, device: strings.TrimSpace(string(device))}
	t.Cleanup(func() {
		if out, err := exec.Command("losetup", "--detach", d.device).CombinedOutput(); err != nil {
			t.Errorf("losetup --detach %s: %v: %s", d.device, err, out)
		}
	})
	return d
}

var leftover = regexp.MustCompile(`(?m)^(/dev/loop\d+) .*/kafkalink-disk-(\d+)(?: \(deleted\))?$`)

func detachLeftovers(t *testing.T) {
	t.Helper()
	list, err := exec.Command("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE").Output()
	if err != nil {
		t.Fatalf("losetup --list: %v", err)
	}
	for _, found := range leftover.FindAllStringSubmatch(string(list), -1) {
		var owner int
		if _, err := fmt.Sscan(found[2], &owner); err != nil || syscall.Kill(owner, 0) == nil {
			continue
		}
		if out, err := exec.Command("losetup", "--detach", found[1]).CombinedOutput(); err != nil {
			t.Logf("a leftover of process %d: losetup --detach %s: %v: %s", owner, found[1], err, out)
		}
	}
}

// attach makes the disk the machine's data disk.
func (d *dataDisk) attach(m *machine) {
	d.t.Helper()
	m.must(fmt.Sprintf("ln -sfn %s %s", d.device, diskPath))
}

// onThisSystem runs a command outside all machines.
func onThisSystem(t *testing.T, command string) {
	t.Helper()
	words := strings.Fields(command)
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", command, err, out)
	}
}

// enlarge makes the disk larger, as a cloud does: the kernel does not know of it yet.
func (d *dataDisk) enlarge(size int64) {
	d.t.Helper()
	if err := os.Truncate(d.file, size); err != nil {
		d.t.Fatal(err)
	}
}

// A loop device is like a cloud's disk in this: what it has grown by is not seen until it is asked for its size, here by losetup,
// there by a file of the device. That file stands on the machine as a pipe, and whoever reads it asks the loop device.
func TestAnEnlargedDiskIsRescannedBeforeItsFileSystemGrows(t *testing.T) {
	needRoot(t)
	for _, c := range []struct{ name, file string }{
		{"NVMe, a controller of its own", "rescan_controller"},
		{"NVMe, controllers of a subsystem", "nvme0/rescan_controller"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			disk := newDataDisk(t)
			m := startMachine(t, c.name)
			m.withScripts()
			device := "/sys/class/block/" + filepath.Base(disk.device) + "/device/"
			m.must("mkfs.ext4 -q " + disk.device) // not mounted: a container may not enlarge a file system that is
			m.must("mount -t tmpfs tmpfs /sys/class/block && mkdir -p $(dirname " + device + c.file + ") && mkfifo " + device + c.file)
			m.must("{ setsid bash -c 'while read -r word <" + device + c.file + "; do test \"$word\" = 1 && losetup -c " + disk.device +
				"; done' >/dev/null 2>&1 </dev/null & }")

			size := func() (blocks int64) {
				text := m.must("dumpe2fs -h " + disk.device + " 2>/dev/null | sed -n 's/^Block count: *//p'")
				if _, err := fmt.Sscan(text, &blocks); err != nil {
					t.Fatalf("%q is no number of blocks: %v", text, err)
				}
				return blocks
			}
			grow := func() string { return m.inScripts([]string{"disk.sh"}, "disk="+disk.device+"; grow_filesystem") }
			before := size()
			if said := grow(); strings.Contains(said, "grew") || size() != before {
				t.Errorf("a disk as before: the file system has %d blocks after %d:\n%s", size(), before, said)
			}
			disk.enlarge(512 << 20)
			if said := grow(); !strings.Contains(said, disk.device+" grew from 256 to 512 MiB") {
				t.Errorf("the growth is not said:\n%s", said)
			}
			if after := size(); after != 2*before {
				t.Errorf("the file system has %d blocks, %d before: it did not grow with its disk", after, before)
			}
		})
	}
}

// SCSI answers while it is asked: what was written is all that can be seen of it.
func TestASCSIDiskIsAskedForItsSize(t *testing.T) {
	needRoot(t)
	t.Parallel()
	disk := newDataDisk(t)
	m := startMachine(t, "SCSI disk")
	m.withScripts()
	device := "/sys/class/block/" + filepath.Base(disk.device) + "/device"
	m.must("mkfs.ext4 -q " + disk.device)
	m.must("mount -t tmpfs tmpfs /sys/class/block && mkdir -p " + device + " && : >" + device + "/rescan")
	disk.attach(m)
	m.inScripts([]string{"disk.sh"}, "disk="+diskPath+"; grow_filesystem")
	if got := m.must("cat " + device + "/rescan"); got != "1" {
		t.Errorf("%s/rescan was told %q, want 1", device, got)
	}
}

// TestADiskIsFoundByAPattern has links as systemd makes them of serial numbers. Two disks that match are none: either may be another's.
func TestADiskIsFoundByAPattern(t *testing.T) {
	needRoot(t)
	t.Parallel()
	disk := newDataDisk(t)
	m := startMachine(t, "disk by pattern")
	m.withScripts()
	find := func() string {
		said := m.inScripts([]string{"disk.sh"}, `DISKS=(/run/disks/lun0 '/run/disks/by-id/nvme-Some_Model_*_2'); { find_disk && echo "found $disk" || echo "$reason"; } >&2`)
		return strings.TrimSpace(said)
	}
	if said := find(); said != "no data disk at /run/disks/lun0 /run/disks/by-id/nvme-Some_Model_*_2" {
		t.Errorf("without a disk: %s", said)
	}
	m.must("mkdir -p /run/disks/by-id && ln -s " + disk.device + " /run/disks/by-id/nvme-Some_Model_SN0001_1 && ln -s " + disk.device + " /run/disks/by-id/nvme-Some_Model_SN0001_2")
	if said := find(); said != "found /run/disks/by-id/nvme-Some_Model_SN0001_2" {
		t.Errorf("one disk matches: %s", said)
	}
	m.must("ln -s " + disk.device + " /run/disks/by-id/nvme-Some_Model_SN0002_2")
	if said := find(); !strings.HasPrefix(said, "no data disk") {
		t.Errorf("two match: %s", said)
	}
	m.must("ln -s " + disk.device + " /run/disks/lun0")
	if said := find(); said != "found /run/disks/lun0" {
		t.Errorf("the first path has it: %s", said)
	}
}
