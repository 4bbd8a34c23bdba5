package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const fetchDebs = "run tools/fetch-debs, which puts it into .cache/debs without installing anything"

// shellcheck finds the linter in the cache or on PATH.
func shellcheck(t *testing.T) string {
	t.Helper()
	cached := filepath.Join(repositoryRoot(t), ".cache", "debs", "usr", "bin", "shellcheck")
	if _, err := os.Stat(cached); err == nil {
		return cached
	}
	path, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Fatalf("shellcheck is not there: %s", fetchDebs)
	}
	return path
}

// cloudInitSchema is cloud-init's own validation of a file of user-data.
func cloudInitSchema(t *testing.T, file string) *exec.Cmd {
	t.Helper()
	tree := filepath.Join(repositoryRoot(t), ".cache", "debs")
	cached := filepath.Join(tree, "usr", "bin", "cloud-init")
	if _, err := os.Stat(cached); err == nil {
		command := exec.Command("/usr/bin/python3", cached, "schema", "--config-file", file)
		command.Env = append(os.Environ(), "PYTHONPATH="+filepath.Join(tree, "usr", "lib", "python3", "dist-packages"))
		return command
	}
	path, err := exec.LookPath("cloud-init")
	if err != nil {
		t.Fatalf("cloud-init is not there: %s", fetchDebs)
	}
	return exec.Command(path, "schema", "--config-file", file)
}
