//go:build linux

package machine

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed start.sh
var startScript string

// How long a host may take until its systemd answers; two seconds are usual.
const bootTimeout = 2 * time.Minute

// run is a host from power on to power off.
type run struct {
	outer   int           // process id of start.sh
	process *os.Process   // of start.sh
	done    chan struct{} // closed when every process is gone, and with them their mounts
	failed  error         // from then on: how it ended, or what could not be removed
}

// powerOn starts a host's processes. It does not wait for them.
func powerOn(spec Spec) (*run, error) {
	console, err := os.OpenFile(filepath.Join(spec.Dir, consoleLog), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer console.Close() //nolint:errcheck // the host has its own
	groups, err := makeGroups(spec.Dir)
	if err != nil {
		return nil, err
	}
	arguments := append([]string{"-c", startScript, "start.sh", spec.Dir, spec.Image, spec.Namespace}, groups...)
	command := exec.Command("sh", append(append(arguments, "--"), nspawn(spec)...)...)
	command.Stdout, command.Stderr = console, console
	command.Dir = "/"
	command.Env = []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"SYSTEMD_NSPAWN_LOCK=0",      // nobody else has this tree
		"SYSTEMD_NSPAWN_TMPFS_TMP=0", // a machine's /tmp is on its disk
		// Its network's settings are its own.
		"SYSTEMD_NSPAWN_API_VFS_WRITABLE=network",
	}
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS,
		Pdeathsig:  syscall.SIGKILL,
	}
	r := &run{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel means the thread that forked when it tells a child that its parent died: it stays as long as the host.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := command.Start(); err != nil {
			started <- errors.Join(err, removeGroups(groups))
			return
		}
		r.process, r.outer = command.Process, command.Process.Pid
		started <- nil
		err := command.Wait()
		r.failed = removeGroups(groups)
		if r.failed == nil {
			r.failed = err
		}
		close(r.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return r, nil
}

func nspawn(spec Spec) []string {
	arguments := []string{
		"systemd-nspawn", "--boot", "--quiet", "--directory=/run/disk", "--machine=host", "--hostname=" + spec.Hostname,
		"--register=no", "--keep-unit", "--settings=no", "--console=pipe", "--link-journal=no", "--resolv-conf=off",
		"--timezone=off", "--capability=CAP_NET_ADMIN",
	}
	if spec.Namespace == "" {
		return append(arguments, "--private-network")
	}
	return append(arguments, "--network-namespace-path=/run/network")
}

// running says whether a process of the host is left.
func (r *run) running() bool {
	select {
	case <-r.done:
		return false
	default:
		return true
	}
}

// kill ends every process. Killing the first of a process namespace kills all, and it is only gone when they are.
func (r *run) kill() error {
	if err := r.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-r.done:
	case <-time.After(time.Minute):
		return errors.New("its processes do not end, a minute after they were killed")
	}
	var exit *exec.ExitError
	if errors.As(r.failed, &exit) {
		return nil // killed, as it was told
	}
	return r.failed
}

// answers returns when the host's systemd and its message bus take requests.
func (r *run) answers(ctx context.Context) error {
	late := fmt.Errorf("its systemd does not answer after %s", bootTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, bootTimeout, late)
	defer cancel()
	// Nothing outside the host tells when a socket inside begins to listen.
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !r.listens() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-r.done:
			return fmt.Errorf("%w: it ended while it booted: %w", ErrDown, r.failed)
		case <-tick.C:
		}
	}
	return nil
}

// listens says whether the message bus does, which comes after systemd's own socket, and after the host's disks.
func (r *run) listens() bool {
	leader := r.leader()
	if leader == 0 {
		return false
	}
	connection, err := net.Dial("unix", inHost(leader, "/run/dbus/system_bus_socket"))
	if err != nil {
		return false
	}
	return connection.Close() == nil
}

// leader is the host's first process; 0: there is none now. It changes when the host restarts itself.
func (r *run) leader() int {
	if !r.running() {
		return 0
	}
	outside := namespacePIDs(r.outer)
	for _, supervisor := range children(r.outer) {
		for _, child := range children(supervisor) {
			if inside := namespacePIDs(child); len(inside) == len(outside)+1 && inside[len(inside)-1] == "1" {
				return child
			}
		}
	}
	return 0
}

// children of a process; none when it is gone.
func children(process int) []int {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", process, process))
	if err != nil {
		return nil
	}
	var found []int
	for _, field := range strings.Fields(string(content)) {
		if id, err := strconv.Atoi(field); err == nil {
			found = append(found, id)
		}
	}
	return found
}

// namespacePIDs are a process's ids, from the outermost namespace that /proc shows to its own.
func namespacePIDs(process int) []string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return nil
	}
	lines := strings.Split(string(content), "\n")
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "NSpid:") })
	if i < 0 {
		return nil
	}
	return strings.Fields(lines[i])[1:]
}
