package tests

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/components/kafka"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var scenarios = []string{"documents", "five-brokers", "separate-controllers", "own-network"}

// TestGolden deploys each scenario with the real engine and compares all that was registered with what it was: the
// resources, and for the first node of each kind its user-data and configuration payload.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, scenario)
			r.up(t)
			require.Empty(t, r.up(t), "a second up changes nothing, though it chains what the first made side by side")
			cluster := r.open(t).Validate().Cluster
			require.NotNil(t, cluster)
			registered, texts := describe(t, r.state(t), examples(cluster))
			compare(t, filepath.Join("testdata", scenario, "registered.yaml"), registered)
			for name, text := range texts {
				compare(t, filepath.Join("testdata", scenario, name), text)
			}
			for _, n := range cluster.Nodes {
				name := fmt.Sprintf("node-%d.server.properties", n.ID)
				compare(t, filepath.Join("testdata", scenario, name), cluster.ServerProperties(n))
			}
		})
	}
}

// examples are the first node of each kind: combined, broker only, controller only.
func examples(c *kafka.Cluster) (ids []int) {
	seen := map[string]bool{}
	for _, n := range c.Nodes {
		if kind := fmt.Sprint(n.Roles); !seen[kind] {
			seen[kind] = true
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// describe renders the state's resources. What machines are given is long: it goes into files of its own for the
// examples, and is named by its digest for the others.
func describe(t *testing.T, resources []apitype.ResourceV3, examples []int) (registered string, texts map[string]string) {
	t.Helper()
	texts = map[string]string{}
	extract := func(r apitype.ResourceV3, file, text string) string {
		for _, id := range examples {
			if strings.HasPrefix(r.URN.Name(), fmt.Sprintf("brokers-%d-", id)) {
				texts[fmt.Sprintf("node-%d.%s", id, file)] = text
			}
		}
		return digest(text)
	}
	type entry struct {
		Name         string         `yaml:"name"`
		Type         string         `yaml:"type"`
		Parent       string         `yaml:"parent,omitempty"`
		Protect      bool           `yaml:"protect,omitempty"`
		Dependencies []string       `yaml:"dependencies,omitempty"`
		Inputs       map[string]any `yaml:"inputs,omitempty"`
	}
	var entries []entry
	for _, r := range resources {
		if strings.HasPrefix(string(r.Type), "pulumi:") {
			continue
		}
		e := entry{Name: r.URN.Name(), Type: string(r.Type), Protect: r.Protect, Inputs: r.Inputs}
		if r.Parent.IsValid() && r.Parent.Name() != "" {
			e.Parent = r.Parent.Name()
		}
		for _, d := range r.Dependencies {
			e.Dependencies = append(e.Dependencies, d.Name())
		}
		slices.Sort(e.Dependencies)
		switch kind := string(r.Type); kind {
		case "azure-native:compute:VirtualMachine":
			profile := e.Inputs["osProfile"].(map[string]any)
			text, err := base64.StdEncoding.DecodeString(profile["customData"].(string))
			require.NoError(t, err)
			profile["customData"] = extract(r, "user-data.yaml", string(text))
		case "azure-native:compute:VirtualMachineRunCommandByVirtualMachine":
			source := e.Inputs["source"].(map[string]any)
			script := withoutHostScripts(source["script"].(string))
			source["script"] = digest(script)
			if strings.HasSuffix(e.Name, "-configuration") {
				source["script"] = extract(r, "configuration.sh", script)
			}
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	require.NoError(t, encoder.Encode(entries))
	return out.String(), texts
}

var (
	hostScripts = regexp.MustCompile(`(?ms)^(base64 -d <<'(\w+)' [^\n]*\n).*?^(KAFKALINK_END)$`)
	sha256Text  = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
)

// withoutHostScripts leaves out of a payload what is the same in all of them, the host scripts and their digests:
// they are files of components/host.
func withoutHostScripts(payload string) string {
	payload = hostScripts.ReplaceAllString(payload, "${1}...\n${3}")
	return sha256Text.ReplaceAllString(payload, "<sha256>")
}

// state is what the engine recorded of the stack.
func (r *rig) state(t testing.TB) []apitype.ResourceV3 {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(r.open(t).SimulatedDir(), "state", ".pulumi", "stacks", "*", stackName+".json"))
	require.NoError(t, err)
	require.Len(t, paths, 1)
	text, err := os.ReadFile(paths[0])
	require.NoError(t, err)
	var file struct {
		Checkpoint struct {
			Latest struct {
				Resources []apitype.ResourceV3 `json:"resources"`
			} `json:"latest"`
		} `json:"checkpoint"`
	}
	require.NoError(t, json.Unmarshal(text, &file))
	return file.Checkpoint.Latest.Resources
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run `make golden` and read what it writes")
	require.Equal(t, string(want), got, "%s differs; if the change is meant, run `make golden`", path)
}
