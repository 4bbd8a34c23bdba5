package tests

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/internal/wiring"
	"github.com/kafkalink/kafkalink/simcloud"
)

// binary is the kafkalink command, built once, by the first test that needs it.
var (
	binaryDir string
	binary    = sync.OnceValues(func() (string, error) {
		path := filepath.Join(binaryDir, "kafkalink")
		out, err := exec.Command("go", "build", "-o", path, "..").CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("go build: %w\n%s", err, out)
		}
		return path, nil
	})
)

func TestMain(m *testing.M) {
	if variable := os.Getenv(driverVariable); variable != "" {
		os.Exit(driver(variable))
	}
	var err error
	if binaryDir, err = os.MkdirTemp("", "kafkalink-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(binaryDir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// ordinary is a project driven by the ordinary Pulumi CLI on a simulated cloud, with the kafkalink binary as program.
type ordinary struct {
	rig    *rig
	server *simcloud.Server
	env    []string
	client string
}

func newOrdinary(t *testing.T, r *rig) *ordinary {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	options := wiring.Simulation(automation.SimulationRequest{Cloud: r.cloud.name})
	if r.prepare != nil {
		r.prepare(&options)
	}
	server, err := simcloud.Serve(context.WithoutCancel(t.Context()), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	o := &ordinary{rig: r, server: server, client: serveLanguageHost(t, path)}
	home := t.TempDir()
	o.env = append(os.Environ(), server.Environment()...)
	o.env = append(o.env, "PULUMI_HOME="+home, "PULUMI_BACKEND_URL=file://"+home, "PULUMI_CONFIG_PASSPHRASE=test", "PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := o.pulumi(t, "stack", "init", stackName)
	require.NoError(t, err, out)
	r.write(t) // stack init has written a file of its own
	return o
}

func (o *ordinary) pulumi(t *testing.T, args ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), o.rig.engine.Path, append(args, "--non-interactive", "--color=never")...)
	command.Dir, command.Env = o.rig.dir, o.env
	out, err := command.CombinedOutput()
	return string(out), err
}

func (o *ordinary) up(t *testing.T) (string, error) {
	t.Helper()
	return o.pulumi(t, "up", "--yes", "--skip-preview", "--stack", stackName, "--client="+o.client)
}

// TestTheProgramDeploysUnderPulumi deploys without the driver, and so without its proof that nothing is there: machines are
// made one after the other.
func TestTheProgramDeploysUnderPulumi(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testTheProgramDeploysUnderPulumi)
}

func testTheProgramDeploysUnderPulumi(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.prepare = slowly(1)
	o := newOrdinary(t, r)
	out, err := o.up(t)
	require.NoError(t, err, out)
	require.Len(t, o.server.View().List(c.machine), 3)
	require.Contains(t, out, c.serviceName)
	requireWholeBoots(t, o.server.View())
	r.operations = o.server.Operations()
	done := map[string]simcloud.Operation{}
	for _, op := range r.changes() {
		done[op.Name] = op
	}
	for _, node := range []string{"2", "3"} {
		before := map[string]string{"2": "1", "3": "2"}[node]
		require.Greater(t, done["brokers-"+node+"-vm"].Began, done["brokers-"+before+"-configuration"].Ended, node)
	}

	before := len(o.server.Operations())
	out, err = o.up(t)
	require.NoError(t, err, out)
	for _, op := range o.server.Operations()[before:] {
		require.Zero(t, op.Change, "a second up changes %s", op.Name)
	}
}

// TestTheProgramRefusesBadConfiguration runs every bad configuration under `pulumi up`: its text is shown, and nothing
// has been registered.
func TestTheProgramRefusesBadConfiguration(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		base := newRig(t, c, "documents")
		o := newOrdinary(t, base)
		config := base.config
		for _, invalid := range invalidCases(t, c) {
			base.config = changed(t, config, invalid.Set)
			base.write(t)
			out, err := o.up(t)
			require.Error(t, err, invalid.Name)
			for _, line := range invalid.Want {
				require.Contains(t, out, line, invalid.Name)
			}
		}
		require.Empty(t, o.server.Operations())
	})
}

// TestTheCommandRefusesBadConfiguration gives every bad configuration to the command: its text is shown, and no
// engine was started.
func TestTheCommandRefusesBadConfiguration(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		path, err := binary()
		require.NoError(t, err)
		r := newRig(t, c, "documents")
		config := r.config
		for _, invalid := range invalidCases(t, c) {
			r.config = changed(t, config, invalid.Set)
			r.write(t)
			command := exec.CommandContext(t.Context(), path, "up", "--simulate", "--yes", "--stack", stackName)
			command.Dir = r.dir
			// An engine that cannot run shows that none is started.
			command.Env = append(os.Environ(), "KAFKALINK_PULUMI=/bin/false", "NO_COLOR=1")
			out, err := command.CombinedOutput()
			require.Error(t, err, invalid.Name)
			for _, line := range invalid.Want {
				require.Contains(t, string(out), line, invalid.Name)
			}
			require.NotContains(t, string(out), "/bin/false", invalid.Name)
		}
		require.NoDirExists(t, filepath.Join(r.dir, ".kafkalink"))
	})
}
