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

// TestGolden deploys each scenario with the real engine and compares all that was registered with what it was: the
// resources, and for the first node of each kind its user-data and configuration payload.
func TestGolden(t *testing.T) {
	t.Parallel()
	onEachCloud(t, testGolden)
}

func testGolden(t *testing.T, c cloud) {
	for _, scenario := range c.scenarios {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c, scenario)
			r.up(t)
			require.Empty(t, r.up(t), "a second up changes nothing, though it chains what the first made side by side")
			cluster := r.open(t).Validate().Cluster
			require.NotNil(t, cluster)
			registered, texts := describe(t, r.state(t), examples(cluster))
			compare(t, c.testdata(scenario, "registered.yaml"), registered)
			for name, text := range texts {
				compare(t, c.testdata(scenario, name), text)
			}
			for _, n := range cluster.Nodes {
				name := fmt.Sprintf("node-%d.server.properties", n.ID)
				compare(t, c.testdata(scenario, name), cluster.ServerProperties(n))
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
	payload := func(r apitype.ResourceV3, name string, script any) string {
		text := withoutHostScripts(script.(string))
		if strings.HasSuffix(name, "-configuration") {
			return extract(r, "configuration.sh", text)
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
	named := byName(resources)
	for _, r := range resources {
		if strings.HasPrefix(string(r.Type), "pulumi:") {
			continue
		}
		require.NoError(t, json.Unmarshal([]byte(named.Replace(text(t, r.Inputs))), &r.Inputs))
		e := entry{Name: r.URN.Name(), Type: string(r.Type), Protect: r.Protect, Inputs: r.Inputs}
		if r.Parent.IsValid() && r.Parent.Name() != "" {
			e.Parent = r.Parent.Name()
		}
		for _, d := range r.Dependencies {
			e.Dependencies = append(e.Dependencies, d.Name())
		}
		slices.Sort(e.Dependencies)
		switch e.Type {
		case "azure-native:compute:VirtualMachine":
			profile := e.Inputs["osProfile"].(map[string]any)
			profile["customData"] = extract(r, "user-data.yaml", decoded(t, profile["customData"]))
		case "aws:ec2/instance:Instance":
			if userData, ok := e.Inputs["userDataBase64"]; ok {
				e.Inputs["userDataBase64"] = extract(r, "user-data.yaml", decoded(t, userData))
			}
		case "azure-native:compute:VirtualMachineRunCommandByVirtualMachine":
			source := e.Inputs["source"].(map[string]any)
			source["script"] = payload(r, e.Name, source["script"])
		case "aws:ssm/association:Association":
			parameters := e.Inputs["parameters"].(map[string]any)
			parameters["payload"], parameters["run"] = payload(r, e.Name, parameters["payload"]), "<sha256>"
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

// byName replaces what AWS makes up, ids and ARNs, and the ends of names that Pulumi makes up, by the resource's name.
func byName(resources []apitype.ResourceV3) *strings.Replacer {
	var pairs []string
	for _, r := range resources {
		if !strings.HasPrefix(string(r.Type), awsCloud.tokens) {
			continue
		}
		for _, known := range []struct{ what, value any }{{".arn", r.Outputs["arn"]}, {".name", r.Outputs["name"]}, {"", string(r.ID)}} {
			made, ok := known.value.(string)
			if ok && made != "" && (known.what != ".name" || madeUp.MatchString(made)) {
				pairs = append(pairs, made, fmt.Sprintf("${%s%s}", r.URN.Name(), known.what))
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

var madeUp = regexp.MustCompile(`-[0-9a-f]{7}$`)

func decoded(t *testing.T, text any) string {
	t.Helper()
	plain, err := base64.StdEncoding.DecodeString(text.(string))
	require.NoError(t, err)
	return string(plain)
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
	text, err := os.ReadFile(r.stateFile(t))
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

// stateFile is where Pulumi keeps the stack's state.
func (r *rig) stateFile(t testing.TB) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(r.open(t).SimulatedDir(), "state", ".pulumi", "stacks", "*", stackName+".json"))
	require.NoError(t, err)
	require.Len(t, paths, 1)
	return paths[0]
}
