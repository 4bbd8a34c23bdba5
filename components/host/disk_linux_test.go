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
	d := &dataDisk{t: t, device: strings.TrimSpace(string(device))}
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
