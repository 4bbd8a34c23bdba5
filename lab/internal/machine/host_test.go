//go:build linux

package machine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const userData = `#cloud-config
users:
  - default
  - name: kafka
    system: true
    no_create_home: true
    homedir: /var/lib/kafka
    shell: /usr/sbin/nologin
    lock_passwd: true
write_files:
  - path: /etc/written
    permissions: "0640"
    content: |
      by user-data
runcmd:
  - [bash, -c, "date +%s.%N >>/var/lib/ran; id -un kafka >>/var/lib/ran"]
`

func TestAHostBootsItsUserData(t *testing.T) {
	t.Parallel()
	s := spec(t, userData)
	s.AdminUser, s.AdminKeys, s.MemoryMiB = "azureuser", []string{"ssh-ed25519 AAAAC3Nza admin@example"}, 2048
	h := boot(t, s)
	require.True(t, h.Running())
	require.NotZero(t, h.Leader())
	waitForCloudInit(t, h)
	require.Contains(t, h.CloudInit(t.Context()), "status: done")

	require.Equal(t, "by user-data", must(t, h, "cat /etc/written"))
	require.Equal(t, "640 root", must(t, h, "stat -c '%a %U' /etc/written"))
	require.Len(t, strings.Fields(must(t, h, "cat /var/lib/ran")), 2)
	require.Equal(t, "kafka-1", must(t, h, "hostname"))
	require.Equal(t, "kafka-1", must(t, h, "getent hosts kafka-1 | awk '{ print $2 }'"))
	require.Equal(t, "ssh-ed25519 AAAAC3Nza admin@example", must(t, h, "cat /home/azureuser/.ssh/authorized_keys"))
	require.Equal(t, "root", must(t, h, "su azureuser -c 'sudo -n id -un'"))
	require.Equal(t, "2097152", must(t, h, "awk '/^MemTotal:/ { print $2 }' /proc/meminfo"))
	require.Contains(t, must(t, h, "free -m"), " 2048 ")
	require.Equal(t, "running", must(t, h, "systemctl is-system-running --wait"))
	require.Equal(t, "755 root", must(t, h, "stat -c '%a %U' /"))

	t.Log("its kernel settings are this machine's, and not for it to change")
	r, err := h.Exec(t.Context(), "sysctl", "-w", "vm.swappiness=1")
	require.NoError(t, err)
	require.NotZero(t, r.ExitCode)

	t.Log("the image is as it was")
	require.NoFileExists(t, filepath.Join(s.Image, "etc/written"))

	leader := h.Leader()
	require.NoError(t, h.Kill())
	require.NoError(t, h.Kill())
	require.False(t, h.Running())
	require.Zero(t, h.Leader())
	require.False(t, processExists(leader))
	<-h.Down()
	_, err = h.Exec(t.Context(), "true")
	require.ErrorIs(t, err, ErrDown)
	require.NoError(t, h.Destroy())
	requireNothingLeft(t, s.Dir)
}

func TestRestartKeepsTheSystemDisk(t *testing.T) {
	t.Parallel()
	s := spec(t, userData)
	s.MemoryMiB = 512
	h := boot(t, s)
	waitForCloudInit(t, h)
	state := func() (disk, bootID, ran string) {
		return must(t, h, "cat /etc/kept"), must(t, h, "cat /proc/sys/kernel/random/boot_id"), must(t, h, "cat /var/lib/ran")
	}
	must(t, h, "echo kept >/etc/kept; touch /run/lost; echo lost >/dev/shm/lost")
	disk, bootID, ran := state()

	require.NoError(t, h.Restart(t.Context()))
	waitForCloudInit(t, h)
	disk2, bootID2, ran2 := state()
	require.Equal(t, disk, disk2)
	require.NotEqual(t, bootID, bootID2)
	require.Equal(t, ran, ran2, "user-data runs once per instance")
	require.Equal(t, "524288", must(t, h, "awk '/^MemTotal:/ { print $2 }' /proc/meminfo"))
	require.Empty(t, must(t, h, "ls -d /run/lost /dev/shm/lost 2>/dev/null || true"))

	t.Log("a host that restarts itself is the same host")
	leader := h.Leader()
	_, err := h.Exec(t.Context(), "systemctl", "reboot")
	require.NoError(t, err)
	eventually(t, "a new first process", func() bool { l := h.Leader(); return l != 0 && l != leader })
	eventually(t, "systemd answers", func() bool { return h.run.listens() })
	waitForCloudInit(t, h)
	disk3, bootID3, ran3 := state()
	require.Equal(t, disk, disk3)
	require.NotEqual(t, bootID2, bootID3)
	require.Equal(t, ran, ran3)

	t.Log("a host that shuts down is down, and gets power again")
	down := h.Down()
	_, _ = h.Exec(t.Context(), "systemctl", "poweroff") // it may be gone before it answers
	<-down
	require.False(t, h.Running())
	require.NoError(t, h.Restart(t.Context()))
	require.Equal(t, "kept", must(t, h, "cat /etc/kept"))

	t.Log("a system disk that is left can be booted by another run")
	require.NoError(t, h.Kill())
	again := boot(t, s)
	require.Equal(t, "kept", must(t, again, "cat /etc/kept"))
}

func TestHostsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	const service = `#cloud-config
write_files:
  - path: /etc/systemd/system/same.service
    content: |
      [Service]
      ExecStart=/bin/sleep infinity
runcmd:
  - [systemctl, start, same.service]
`
	one, two := boot(t, spec(t, service)), boot(t, spec(t, service))
	waitForCloudInit(t, one)
	waitForCloudInit(t, two)
	pid := func(h *Host) string { return must(t, h, "systemctl show --property=MainPID --value same.service") }
	before := pid(two)
	require.NotEqual(t, "0", before)
	must(t, one, "systemctl stop same.service")
	require.Equal(t, "0", pid(one))
	require.Equal(t, before, pid(two))
	must(t, two, "kill -0 "+before)
	require.NotEqual(t, must(t, one, "cat /etc/machine-id"), must(t, two, "cat /etc/machine-id"))
	require.NoError(t, one.Destroy())
	require.True(t, two.Running())
	must(t, two, "systemctl restart same.service")
}

func TestAHostLivesInTheNetworkItIsGiven(t *testing.T) {
	t.Parallel()
	s := spec(t, noUserData)
	name := fmt.Sprintf("klmachine-%d", os.Getpid())
	system(t, "ip", "netns", "add", name)
	t.Cleanup(func() { system(t, "ip", "netns", "delete", name) })
	system(t, "ip", "-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
	system(t, "ip", "-n", name, "address", "add", "10.77.0.11/24", "dev", "eth0")
	system(t, "ip", "-n", name, "link", "set", "eth0", "up")
	s.Namespace = "/run/netns/" + name
	h := boot(t, s)
	require.Contains(t, must(t, h, "ip -o -4 address show dev eth0"), "10.77.0.11/24")
	require.Contains(t, must(t, h, "ip -o -4 address show up dev lo"), "127.0.0.1/8")
	t.Log("its settings are its own")
	const setting = "/proc/sys/net/ipv4/tcp_keepalive_time"
	before, err := os.ReadFile(setting)
	require.NoError(t, err)
	must(t, h, "sysctl -q -w net.ipv4.tcp_keepalive_time=121")
	after, err := os.ReadFile(setting)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	must(t, h, "ip link add more type veth peer name most")
	require.NoError(t, h.Destroy())
	system(t, "ip", "-n", name, "link", "show", "eth0")
}

func system(t *testing.T, program string, arguments ...string) {
	t.Helper()
	said, err := exec.Command(program, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(arguments, " "), err, said)
	}
}

func TestAHostThatDoesNotBootSaysWhyAndLeavesNothing(t *testing.T) {
	t.Parallel()
	d := disk(t, 1)
	s := spec(t, noUserData)
	s.Disks = []Attachment{{Disk: d, Paths: []string{"/dev/disk/azure/scsi1/lun0"}}}

	broken := s
	broken.Namespace = "/run/netns/there-is-none"
	_, err := Boot(t.Context(), broken)
	require.ErrorIs(t, err, ErrDown)
	require.ErrorContains(t, err, "/run/netns/there-is-none")

	t.Log("an init that ends at once")
	init := filepath.Join(s.Dir, upper, "usr/lib/systemd/systemd")
	require.NoError(t, writeLayer(filepath.Join(s.Dir, upper), "/usr/lib/systemd/systemd", []byte("#!/bin/sh\necho nothing to boot\nexit 3\n")))
	require.NoError(t, os.Chmod(init, 0o755))
	_, err = Boot(t.Context(), s)
	require.ErrorIs(t, err, ErrDown)
	require.ErrorContains(t, err, "nothing to boot")

	t.Log("an init that never answers, and a caller who has no time")
	require.NoError(t, os.WriteFile(init, []byte("#!/bin/sh\necho waiting\nsleep 1000\n"), 0o755))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for {
			if text, _ := readTail(filepath.Join(s.Dir, consoleLog), 1000); strings.Contains(text, "waiting") || t.Context().Err() != nil {
				return
			}
		}
	}()
	_, err = Boot(ctx, s)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "waiting")

	t.Log("its disk is free for a host that boots")
	require.NoError(t, os.RemoveAll(s.Dir))
	h := boot(t, s)
	must(t, h, "test -b /dev/disk/azure/scsi1/lun0")
}

func TestSpecsThatCannotBootAreRefused(t *testing.T) {
	t.Parallel()
	_, err := Boot(t.Context(), Spec{Name: "one", Hostname: "a b", Image: t.TempDir(), Dir: "relative"})
	require.ErrorContains(t, err, "host one: ")
	for _, text := range []string{
		`hostname "a b": want letters`, "without an instance id", `directory "relative": want an absolute`, "is none of the lab's",
	} {
		require.ErrorContains(t, err, text)
	}
}

func TestMemoryOfASmallerMachine(t *testing.T) {
	t.Parallel()
	own := "MemTotal:       24683520 kB\nMemFree:          100000 kB\nMemAvailable:   22000000 kB\nBuffers:           10 kB\n"
	require.Equal(t, "MemTotal:        1048576 kB\nMemFree:          100000 kB\nMemAvailable:     786432 kB\nBuffers:           10 kB\n",
		string(meminfo([]byte(own), 1024)))
}
