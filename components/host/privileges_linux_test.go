package host

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// needRoot fails a test that needs namespaces and loop devices when there is no root, unless that was
// asked for: a test that skips itself on every machine proves nothing.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("KAFKALINK_UNPRIVILEGED") == "1" {
		fmt.Fprintf(os.Stderr, "\n*** LEFT OUT, KAFKALINK_UNPRIVILEGED=1: %s (host scripts against a real Kafka)\n\n", t.Name())
		t.Skip("left out: it needs root, and KAFKALINK_UNPRIVILEGED=1 is set")
	}
	t.Fatal("needs root for namespaces and loop devices: run `sudo go test ./components/host/`, " +
		"or set KAFKALINK_UNPRIVILEGED=1 to leave it out")
}

// repositoryRoot holds tools/ and .cache/.
func repositoryRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// kafkaDirectory is a Kafka 3.7.1 with the official layout, assembled if need be.
func kafkaDirectory(t *testing.T) string {
	t.Helper()
	command := exec.Command(filepath.Join(repositoryRoot(t), "tools", "assemble-kafka"))
	command.Stderr = os.Stderr
	directory, err := command.Output()
	if err != nil {
		t.Fatalf("tools/assemble-kafka: %v; its output above says what it needs", err)
	}
	return strings.TrimSpace(string(directory))
}

// javaDirectory is the JAVA_HOME of the java on PATH.
func javaDirectory(t *testing.T) string {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Fatal("no java on PATH: install a Java runtime of version 17 or 21 (Debian: openjdk-17-jre-headless)")
	}
	resolved, err := filepath.EvalSymlinks(java)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(filepath.Dir(resolved))
}
