package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInitWritesAProgramThatDeploys builds what `kafkalink init` writes, against this repository, and deploys it with the
// ordinary Pulumi CLI.
func TestInitWritesAProgramThatDeploys(t *testing.T) {
	t.Parallel()
	for _, c := range clouds {
		t.Run(c.name, func(t *testing.T) { testInit(t, c) }) // one after the other: each links an SDK
	}
}

func testInit(t *testing.T, c cloud) {
	kafkalink, err := binary()
	require.NoError(t, err)
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "my-kafka")
	run := func(name string, args ...string) []byte {
		command := exec.Command(name, args...)
		command.Dir = filepath.Dir(dir)
		if name == "go" {
			command.Dir = dir
			command.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
		}
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s %v\n%s", name, args, out)
		return out
	}
	out, err := exec.Command(kafkalink, "init", "--cwd", dir).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "take one of: --cloud azure, --cloud aws")
	run(kafkalink, "init", "--cloud", c.name, "--cwd", dir, "--stack", stackName)
	run(kafkalink, "validate", "--cwd", dir)
	require.Equal(t, string(c.program(t).Schema), string(run(kafkalink, "config", "schema", "--cwd", dir)))
	sums, err := os.ReadFile("../go.sum")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600))
	run("go", "mod", "edit", "-replace=github.com/kafkalink/kafkalink="+root)
	run("go", "build", "-o", "program", ".")

	s := serve(t, &rig{dir: dir, engine: engine(t)})
	s.client = serveLanguageHost(t, filepath.Join(dir, "program"))
	require.Regexp(t, c.service+` +link-tidb-service +create`, s.pulumi(t, "preview"))
}
