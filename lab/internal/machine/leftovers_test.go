//go:build linux

package machine

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Set, it makes the test program a lab that will be killed: it boots a host in this directory and waits.
const victimDir = "KAFKALINK_TEST_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		victim(dir)
	}
	os.Exit(m.Run())
}

func victim(dir string) {
	root, err := hostImage()
	if err != nil {
		panic(err)
	}
	d, err := OpenDisk(filepath.Join(dir, "disk"), 1)
	if err != nil {
		panic(err)
	}
	h, err := Boot(context.Background(), Spec{
		Name: "victim", Hostname: "victim", Image: root, Dir: filepath.Join(dir, "host"), InstanceID: "i-1",
		UserData: []byte(noUserData), Disks: []Attachment{{Disk: d, Paths: []string{lun0}}},
	})
	if err != nil {
		panic(err)
	}
	r, err := h.Exec(context.Background(), "bash", "-ec", formatAndMount)
	fmt.Println(h.Leader(), r.ExitCode, r.Stderr, err)
	select {}
}

func TestARunThatIsKilledLeavesNothingThatRuns(t *testing.T) {
	t.Parallel()
	// Builds the image, if need be, where failures are seen.
	neighbour := boot(t, spec(t, noUserData))
	dir := filepath.Join(t.TempDir(), "run")
	require.NoError(t, os.Mkdir(dir, 0o755))
	lab := exec.Command(os.Args[0])
	lab.Env = append(os.Environ(), victimDir+"="+dir)
	lab.Stderr = os.Stderr
	said, err := lab.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, lab.Start())
	line, err := bufio.NewReader(said).ReadString('\n')
	require.NoError(t, err)
	fields := strings.Fields(line)
	require.Equal(t, []string{"0", "<nil>"}, fields[1:], line)
	leader, err := strconv.Atoi(fields[0])
	require.NoError(t, err)
	require.True(t, processExists(leader))

	require.NoError(t, lab.Process.Kill())
	_ = lab.Wait() // killed
	eventually(t, "the host's processes end", func() bool { return !processExists(leader) })
	eventually(t, "its disk's loop device is detached", func() bool {
		loops, err := loopsUnder(dir)
		return err == nil && len(loops) == 0
	})

	require.NoError(t, RemoveLeftovers(dir))
	requireNothingLeft(t, dir)
	require.NoError(t, RemoveLeftovers(dir))
	require.True(t, neighbour.Running())
}

func TestLeftoversThatStillRunAreEnded(t *testing.T) {
	t.Parallel()
	s := spec(t, noUserData)
	dir := filepath.Dir(s.Dir) + "/run"
	s.Dir = dir + "/host"
	d, err := OpenDisk(filepath.Join(dir+".disk"), 1)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Remove()) })
	s.Disks = []Attachment{{Disk: d, Paths: []string{lun0}}}
	h, err := Boot(t.Context(), s)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Destroy()) })
	other, err := OpenDisk(filepath.Join(dir, "other"), 1)
	require.NoError(t, err)
	must(t, h, formatAndMount)
	system(t, "mount", "-t", "tmpfs", "tmpfs", filepath.Join(s.Dir, "work"))

	require.NoError(t, RemoveLeftovers(dir))
	<-h.Down()
	require.NoError(t, other.loop.Close())
	requireNothingLeft(t, dir)
	require.ErrorContains(t, RemoveLeftovers("/"), "want an absolute, clean path")
}
