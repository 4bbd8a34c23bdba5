package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// checkShell runs the linter over files, from the repository's root, so that `source=` directives lead
// somewhere.
func checkShell(t *testing.T, arguments ...string) {
	t.Helper()
	command := exec.Command(shellcheck(t), arguments...)
	command.Dir = repositoryRoot(t)
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("shellcheck %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
}

func scratchFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestScriptsAreCleanUnderShellcheck(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{
		"scripts/*.sh", "testdata/machine/*", "../../lab/internal/image/kafka/bin/*", "../../lab/internal/machine/*.sh",
		"../../lab/internal/image/host/usr/lib/kafkalink-lab/*", "../../lab/internal/image/host/etc/systemd/system-generators/*",
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for i, f := range files {
			files[i] = filepath.Join("components", "host", f)
		}
		checkShell(t, append([]string{"--external-sources", "--source-path=components/host/scripts"}, files...)...)
	}
	checkShell(t, "tools/fetch-debs", "tools/assemble-kafka")
}

func TestPayloadScriptsAreCleanUnderShellcheck(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	for name, p := range map[string]Payload{
		"configuration": Configuration(m, ConfigurationOptions{Attempt: 2, VMDigest: "it's one", AllowBlankDisk: true}),
		"cluster-ready": ClusterReady(m, ConfigurationOptions{}),
		"spare":         Spare(m, ConfigurationOptions{}),
	} {
		script := scratchFile(t, name, p.Script())
		checkShell(t, script)
		// A cloud's agent may start it with sh, whatever its first line says.
		checkShell(t, "--shell=sh", script)
		for _, f := range p.contents() {
			if strings.HasSuffix(f.name, ".env") {
				checkShell(t, "--shell=bash", "--exclude=SC2034", scratchFile(t, f.name, f.content)) // read by others
			}
		}
	}
}

func TestShellOfUserDataIsCleanUnderShellcheck(t *testing.T) {
	t.Parallel()
	for _, distribution := range Distributions() {
		m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
		m.Config.Distribution = distribution
		userData, err := UserData(m)
		if err != nil {
			t.Fatal(err)
		}
		var config cloudConfig
		if err := yaml.Unmarshal([]byte(userData), &config); err != nil {
			t.Fatal(err)
		}
		var commands strings.Builder
		for _, command := range config.RunCommand {
			for _, word := range command {
				commands.WriteString(shellQuote(word) + " ")
			}
			commands.WriteString("\n")
		}
		checkShell(t, "--shell=sh", scratchFile(t, "runcmd", commands.String()))
		scripts := 0
		for _, f := range config.WriteFiles {
			if strings.HasPrefix(f.Content, "#!") {
				scripts++
				checkShell(t, scratchFile(t, filepath.Base(f.Path), f.Content))
			}
			if strings.HasSuffix(f.Path, ".env") {
				checkShell(t, "--shell=bash", "--exclude=SC2034", scratchFile(t, filepath.Base(f.Path), f.Content))
			}
		}
		if scripts == 0 {
			t.Errorf("%s: the user-data holds no script", distribution)
		}
	}
}
