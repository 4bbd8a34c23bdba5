package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// machine is a Linux machine for host scripts, without a boot: mount, PID and network namespaces, a
// system disk that is a copy on write of this one's directories, a stand-in for systemctl. It is gone
// with its first process, whatever ends it.
type machine struct {
	t    *testing.T
	name string
	init int // its first process, as seen from here
	unit *exec.Cmd
}

// testLimits shorten the host scripts' waits to what a test can bear.
const testLimits = `LOCK_SECONDS=2
PREPARE_SECONDS=10
DISK_SECONDS=2
ELECTION_SECONDS=20
SAFETY_SECONDS=4
STOP_SECONDS=60
READY_SECONDS=90
SYNC_SECONDS=60
SETTLE_SECONDS=0
TOOL_SECONDS=30
POLL_SECONDS=0.5
`

func startMachine(t *testing.T, name string) *machine {
	t.Helper()
	stands, err := filepath.Abs("testdata/machine")
	if err != nil {
		t.Fatal(err)
	}
	unit := exec.Command("unshare", "--mount", "--net", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc",
		"bash", filepath.Join(stands, "boot.sh"), stands)
	unit.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var problems bytes.Buffer
	unit.Stderr = &problems
	said, err := unit.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := unit.Start(); err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, name: name, unit: unit}
	t.Cleanup(m.destroy)
	booted := make([]byte, len("booted"))
	if _, err := said.Read(booted); err != nil {
		t.Fatalf("machine %s did not start: %v\n%s", name, err, problems.String())
	}
	m.init = firstChild(t, unit.Process.Pid)
	return m
}

func firstChild(t *testing.T, parent int) int {
	t.Helper()
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Sscan(string(children), &child); err != nil {
		t.Fatalf("no child of process %d: %v", parent, err)
	}
	return child
}

// destroy takes the power away: every process of the machine is killed, its mounts are gone.
func (m *machine) destroy() {
	if m.unit == nil {
		return
	}
	if err := m.unit.Process.Kill(); err != nil {
		m.t.Errorf("machine %s: %v", m.name, err)
	}
	_ = m.unit.Wait() // killed, as it was told
	m.unit = nil
	m.waitGone()
}

// waitGone returns when the kernel has torn the machine down, and with it the mount of its data disk. A process that only
// waits to be reaped by whoever inherited it has let go of everything.
func (m *machine) waitGone() {
	for range 500 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", m.init))
		if os.IsNotExist(err) || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	m.t.Errorf("machine %s: its first process %d does not go away", m.name, m.init)
}

// result of a command on a machine.
type result struct {
	stdout, stderr string
	code           int
}

// run runs a command line of bash on the machine, with stdin.
func (m *machine) run(stdin, command string) result {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 4*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "nsenter", "-t", fmt.Sprint(m.init), "--mount", "--net", "--pid", "--uts", "--wd=/",
		"env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
		// Small and quick to start: these run on two cores, by the dozen.
		"KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData",
		"bash", "-c", command)
	c.Stdin = strings.NewReader(stdin)
	// Kafka outlives the command that started it: files, because it would hold a pipe open.
	stdout, stderr := m.outputFile("stdout"), m.outputFile("stderr")
	c.Stdout, c.Stderr = stdout, stderr
	err := c.Run()
	r := result{stdout: contents(m.t, stdout), stderr: contents(m.t, stderr), code: c.ProcessState.ExitCode()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		m.t.Fatalf("machine %s: %s: %v (%v)\n%s", m.name, command, err, ctx.Err(), r.stderr)
	}
	return r
}

func (m *machine) outputFile(name string) *os.File {
	file, err := os.CreateTemp(m.t.TempDir(), name)
	if err != nil {
		m.t.Fatal(err)
	}
	return file
}

func contents(t *testing.T, file *os.File) string {
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// must runs a command that has to succeed, and gives its stdout.
func (m *machine) must(command string) string {
	m.t.Helper()
	r := m.run("", command)
	if r.code != 0 {
		m.t.Fatalf("machine %s: %s: exit code %d\n%s%s", m.name, command, r.code, r.stdout, r.stderr)
	}
	return strings.TrimSpace(r.stdout)
}

func (m *machine) write(path, content, mode string) {
	m.t.Helper()
	r := m.run(content, fmt.Sprintf("install -D -m %s /dev/stdin %s", mode, shellQuote(path)))
	if r.code != 0 {
		m.t.Fatalf("machine %s: writing %s: %s", m.name, path, r.stderr)
	}
}

// firstBoot does what cloud-init would do with this user-data: its user, its files, its commands.
func (m *machine) firstBoot(userData string) result {
	m.t.Helper()
	var config cloudConfig
	if err := yaml.Unmarshal([]byte(userData), &config); err != nil {
		m.t.Fatal(err)
	}
	m.must("id kafka >/dev/null 2>&1 || useradd --system --no-create-home --home-dir /var/lib/kafka --shell /usr/sbin/nologin kafka")
	for _, f := range config.WriteFiles {
		m.write(f.Path, f.Content, f.Permissions)
	}
	m.write("/etc/kafkalink/limits.local", testLimits, "0644")
	var r result
	for _, command := range config.RunCommand {
		r = m.run("", strings.Join(command, " "))
	}
	return r
}

// apply runs a payload as a cloud's agent would: from a file, without a terminal.
func (m *machine) apply(p Payload) result {
	m.t.Helper()
	m.write("/run/machine/payload", p.Script(), "0700")
	return m.run("", "/run/machine/payload </dev/null")
}

// configured applies a payload that has to succeed, and gives its report, checked.
func (m *machine) configured(p Payload) Report {
	m.t.Helper()
	r := m.apply(p)
	if r.code != 0 {
		m.t.Fatalf("machine %s: the payload failed with %d:\n%s%s", m.name, r.code, r.stdout, r.stderr)
	}
	report, err := ParseReport(r.stdout)
	if err != nil {
		m.t.Fatalf("machine %s: %v", m.name, err)
	}
	if err := p.Check(report); err != nil {
		m.t.Fatalf("machine %s: %v", m.name, err)
	}
	return report
}

// refused applies a payload that has to fail, saying each of these texts.
func (m *machine) refused(p Payload, texts ...string) {
	m.t.Helper()
	r := m.apply(p)
	if r.code == 0 {
		m.t.Fatalf("machine %s: the payload succeeded, wanted a failure that says %q:\n%s", m.name, texts, r.stderr)
	}
	for _, text := range texts {
		if !strings.Contains(r.stderr, text) {
			m.t.Errorf("machine %s: the failure does not say %q, but:\n%s", m.name, text, r.stderr)
		}
	}
	if strings.Contains(r.stdout, reportPrefix) {
		m.t.Errorf("machine %s: failed, and yet reported:\n%s", m.name, r.stdout)
	}
}

func (m *machine) kafkaPID() string {
	return m.must("systemctl show --property=MainPID --value kafka.service")
}
