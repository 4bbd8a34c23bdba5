//go:build linux

package machine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const lun0 = "/dev/disk/azure/scsi1/lun0"

// As the host scripts do it: by a stable path, then by UUID in /etc/fstab.
const formatAndMount = `
mkfs.ext4 -q ` + lun0 + `
echo "UUID=$(blkid -p -o value -s UUID ` + lun0 + `) /var/lib/kafka ext4 noatime,nofail,x-systemd.device-timeout=60s 0 2" >>/etc/fstab
systemctl daemon-reload
mkdir -p /var/lib/kafka
mount /var/lib/kafka
`

func TestADiskOutlivesItsHost(t *testing.T) {
	t.Parallel()
	d := disk(t, 64)
	first := boot(t, spec(t, noUserData))
	must(t, first, "test ! -e "+lun0)

	t.Log("attached late")
	require.NoError(t, first.Attach(d, []string{lun0, "/dev/disk/azure/data/by-lun/0"}))
	require.NoError(t, first.Attach(d, []string{lun0}))
	must(t, first, "test -b "+lun0+" && test ! -e /dev/disk/azure/data/by-lun/0")
	require.Equal(t, "68719476736", must(t, first, "blockdev --getsize64 "+lun0))
	must(t, first, formatAndMount+"echo here >/var/lib/kafka/data")
	// systemd reads its mounts at most five times a second: while a host boots, it sees the next one later.
	eventually(t, "systemd knows the mount", func() bool {
		r, err := first.Exec(t.Context(), "systemctl", "is-active", "var-lib-kafka.mount")
		return err == nil && r.Stdout == "active\n"
	})
	info, err := os.Stat(d.file)
	require.NoError(t, err)
	require.EqualValues(t, 64*gib, info.Size())

	t.Log("nobody else takes it before it is let go")
	require.ErrorContains(t, d.Close(), "is attached to host")
	second := boot(t, spec(t, noUserData))
	require.ErrorContains(t, second.Attach(d, []string{lun0}), "has it")

	t.Log("it grows where it is")
	require.NoError(t, d.Grow(64))
	require.NoError(t, d.Grow(65))
	require.ErrorContains(t, d.Grow(64), "cannot shrink")
	require.Equal(t, "69793218560", must(t, first, "blockdev --getsize64 "+lun0))

	t.Log("the power goes, and another host has it from its first moment")
	require.NoError(t, first.Kill())
	require.NoError(t, first.Detach(d))
	require.NoError(t, second.Attach(d, []string{lun0}))
	must(t, second, "mkdir -p /var/lib/kafka && mount "+lun0+" /var/lib/kafka")
	require.Equal(t, "here", must(t, second, "cat /var/lib/kafka/data"))

	t.Log("torn off, whoever writes there fails, and what was on it is there again when it comes back")
	must(t, second, `sync; systemd-run --unit=writer sh -c 'exec >>/var/lib/kafka/log; while echo x; do sleep 0.1; done; exit 7'
while ! test -s /var/lib/kafka/log; do sleep 0.1; done`)
	require.NoError(t, second.Detach(d))
	must(t, second, "test ! -e "+lun0+" && ! mountpoint -q /var/lib/kafka")
	require.Equal(t, "7", must(t, second, "systemctl show --property=ExecMainStatus --value writer.service"))
	require.NoError(t, second.Attach(d, []string{lun0}))
	must(t, second, "mount "+lun0+" /var/lib/kafka")
	require.Equal(t, "here", must(t, second, "cat /var/lib/kafka/data"))
	must(t, second, "umount /var/lib/kafka")
	require.NoError(t, second.Detach(d))
	require.ErrorContains(t, second.Detach(d), "is not attached")
}

func TestADiskInFstabIsMountedAtEveryBootBeforeWhatNeedsIt(t *testing.T) {
	t.Parallel()
	d := disk(t, 1)
	s := spec(t, `#cloud-config
write_files:
  - path: /etc/systemd/system/needs.service
    content: |
      [Unit]
      RequiresMountsFor=/var/lib/kafka
      AssertPathIsMountPoint=/var/lib/kafka
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/usr/bin/test -e /var/lib/kafka/data
      [Install]
      WantedBy=multi-user.target
`)
	s.Disks = []Attachment{{Disk: d, Paths: []string{lun0}}}
	h := boot(t, s)
	waitForCloudInit(t, h)
	must(t, h, formatAndMount+"echo here >/var/lib/kafka/data; sync; systemctl enable needs.service")

	for range 2 {
		require.NoError(t, h.Restart(t.Context()))
		require.Equal(t, "running", must(t, h, "systemctl is-system-running --wait"))
		require.Equal(t, "active", must(t, h, "systemctl is-active needs.service"))
		require.Equal(t, lun0Device(d), must(t, h, "findmnt -n -o SOURCE /var/lib/kafka"))
	}

	t.Log("without its disk the host boots all the same, and what needs it does not start")
	require.NoError(t, h.Kill())
	require.NoError(t, h.Detach(d))
	require.NoError(t, h.Restart(t.Context()))
	r, err := h.Exec(t.Context(), "systemctl", "is-system-running", "--wait")
	require.NoError(t, err)
	require.Equal(t, "degraded\n", r.Stdout)
	r, err = h.Exec(t.Context(), "systemctl", "is-active", "needs.service")
	require.NoError(t, err)
	require.Equal(t, "inactive\n", r.Stdout)

	t.Log("with it again all is well")
	require.NoError(t, h.Attach(d, []string{lun0}))
	must(t, h, "mount /var/lib/kafka && systemctl start needs.service")
}

func lun0Device(d *Disk) string { return loopPath(d.number) }

func TestADiskKeepsItsContentWhenItIsOpenedAgain(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Fatal("this test attaches loop devices: run it as root")
	}
	file := filepath.Join(t.TempDir(), "disk, with: signs")
	d, err := OpenDisk(file, 1)
	require.NoError(t, err)
	_, err = d.loop.WriteAt([]byte("kept"), 4096)
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.NoError(t, d.Close())
	require.ErrorContains(t, d.Grow(2), "is closed")

	d, err = OpenDisk(file, 1)
	require.NoError(t, err)
	got := make([]byte, 4)
	_, err = d.loop.ReadAt(got, 4096)
	require.NoError(t, err)
	require.Equal(t, "kept", string(got))
	loops, err := loopsUnder(filepath.Dir(file))
	require.NoError(t, err)
	require.Equal(t, []string{loopPath(d.number)}, loops)
	require.NoError(t, d.Remove())
	require.NoFileExists(t, file)
	requireNothingRuns(t, filepath.Dir(file))

	_, err = OpenDisk(file, 0)
	require.ErrorContains(t, err, "a size of 0 GiB")
}
