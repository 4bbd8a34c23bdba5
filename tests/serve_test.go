package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// served is the ordinary Pulumi CLI on the simulated cloud that `kafkalink simcloud serve` serves, with the kafkalink
// binary as program.
type served struct {
	rig        *rig
	serving    *exec.Cmd
	env        []string
	configFile string
	client     string
}

func serve(t *testing.T, r *rig) *served {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	command := exec.Command(path, "simcloud", "serve", "--json", "--stack", stackName, "--cwd", r.dir)
	command.Stderr = os.Stderr
	command.Env = append(os.Environ(), "KAFKALINK_PULUMI="+r.engine.Path)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	s := &served{rig: r, serving: command, client: serveLanguageHost(t, path)}
	t.Cleanup(func() { s.end(t) })
	var document struct {
		Environment []string `json:"environment"`
		ConfigFile  string   `json:"configFile"`
	}
	require.NoError(t, json.NewDecoder(out).Decode(&document))
	s.env, s.configFile = append(os.Environ(), document.Environment...), document.ConfigFile
	return s
}

// end interrupts the server, as Ctrl-C does, so that it saves its cloud. It may be called twice.
func (s *served) end(t *testing.T) {
	t.Helper()
	if s.serving == nil {
		return
	}
	require.NoError(t, s.serving.Process.Signal(os.Interrupt))
	require.NoError(t, s.serving.Wait())
	s.serving = nil
}

func (s *served) pulumi(t *testing.T, args ...string) string {
	t.Helper()
	args = append(args, "--stack", stackName, "--config-file", s.configFile, "--client="+s.client, "--non-interactive", "--color=never")
	command := exec.CommandContext(t.Context(), s.rig.engine.Path, args...)
	command.Dir, command.Env = s.rig.dir, s.env
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

// TestEitherDriverFindsWhatTheOtherDeployed lets kafkalink and plain pulumi work on one stack in turn.
func TestEitherDriverFindsWhatTheOtherDeployed(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testEitherDriverFindsWhatTheOtherDeployed)
}

func testEitherDriverFindsWhatTheOtherDeployed(t *testing.T, c cloud) {
	r := newRig(t, c, "documents")
	r.up(t)

	s := serve(t, r)
	s.pulumi(t, "preview", "--expect-no-changes")
	_, err := r.open(t).Preview(t.Context(), nil)
	require.ErrorContains(t, err, "is working on", "two at once would save over each other")
	s.end(t)

	r.set(t, map[string]any{"cluster.properties": map[string]any{"num.io.threads": "16"}})
	own := filepath.Join(r.dir, "Pulumi."+stackName+".yaml")
	before, err := os.ReadFile(own)
	require.NoError(t, err)
	s = serve(t, r)
	out := s.pulumi(t, "up", "--yes", "--skip-preview")
	require.Contains(t, out, "brokers-3-configuration updated")
	out = s.pulumi(t, "refresh", "--yes", "--skip-preview")
	require.Contains(t, out, fmt.Sprintf(" %d updated", c.reports+len(c.settling)), "what hosts, and resources that came later, have written")
	s.end(t)

	require.Equal(t, c.settling, told(r.up(t)))
	preview, err := r.open(t).Preview(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, preview.Changes)
	after, err := os.ReadFile(own)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "the user's own file is left alone")
}
