//go:build linux

package machine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/internal/image"
)

// hostImage is built once, into the repository's cache.
var hostImage = sync.OnceValues(func() (string, error) {
	cache, err := filepath.Abs("../../../.cache/lab")
	if err != nil {
		return "", err
	}
	img, err := image.Prepare(context.Background(), image.Options{Cache: cache})
	if err != nil {
		return "", err
	}
	return img.Root, nil
})

const noUserData = "#cloud-config\n{}\n"

// spec of a host that is alone.
func spec(t *testing.T, userData string) Spec {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test boots a host, which takes namespaces and mounts: run it as root")
	}
	root, err := hostImage()
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "host")
	t.Cleanup(func() { requireNothingLeft(t, dir) })
	return Spec{
		Name: t.Name(), Hostname: "kafka-1", Image: root, Dir: dir, InstanceID: "i-1", UserData: []byte(userData),
	}
}

func boot(t *testing.T, s Spec) *Host {
	t.Helper()
	h, err := Boot(t.Context(), s)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("console:\n%s", h.Console())
		}
		require.NoError(t, h.Destroy())
	})
	return h
}

// disk is a data disk that goes with the test.
func disk(t *testing.T, sizeGiB int) *Disk {
	t.Helper()
	dir := t.TempDir()
	d, err := OpenDisk(filepath.Join(dir, "data disk"), sizeGiB)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, d.Remove())
		require.NoFileExists(t, d.file)
		requireNothingRuns(t, dir)
	})
	return d
}

func requireNothingLeft(t *testing.T, dir string) {
	t.Helper()
	requireNothingRuns(t, dir)
	require.NoDirExists(t, dir)
}

// requireNothingRuns: no control group, which processes would be in, no loop device, no mount.
func requireNothingRuns(t *testing.T, dir string) {
	t.Helper()
	groups, err := groupsUnder(dir)
	require.NoError(t, err)
	require.Empty(t, groups, "control groups")
	loops, err := loopsUnder(dir)
	require.NoError(t, err)
	require.Empty(t, loops, "loop devices")
	// In every mount namespace there is.
	namespaces, err := filepath.Glob("/proc/[0-9]*/mountinfo")
	require.NoError(t, err)
	for _, mounts := range namespaces {
		// A host that boots begins with every mount of this machine, for a moment.
		eventually(t, "no mounts in "+mounts, func() bool {
			content, err := os.ReadFile(mounts)
			return err != nil || !strings.Contains(string(content), dir+"/")
		})
	}
}

// must runs a command line on a host that has to succeed, and gives what it said.
func must(t *testing.T, h *Host, command string) string {
	t.Helper()
	r, err := h.Exec(t.Context(), "bash", "-ec", command)
	require.NoError(t, err)
	require.Zero(t, r.ExitCode, "%s: %s%s", command, r.Stdout, r.Stderr)
	return strings.TrimSpace(r.Stdout)
}

func waitForCloudInit(t *testing.T, h *Host) {
	t.Helper()
	r, err := h.Exec(t.Context(), "cloud-init", "status", "--wait", "--long")
	require.NoError(t, err)
	log, err := h.Exec(t.Context(), "grep", "-E", "WARN|ERR", "/var/log/cloud-init.log")
	require.NoError(t, err)
	require.Zero(t, r.ExitCode, "%s\n%s", r.Stdout, log.Stdout)
}

// eventually waits for what no event tells of.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, 30*time.Second, 10*time.Millisecond, what)
}

func processExists(id int) bool {
	_, err := os.Stat(fmt.Sprintf("/proc/%d", id))
	return err == nil
}
