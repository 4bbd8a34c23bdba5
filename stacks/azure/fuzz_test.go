package azure

import (
	"os"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/components/host"
)

// FuzzDecode reads any configuration without panicking, and renders whatever it finds valid.
func FuzzDecode(f *testing.F) {
	seeds, err := filepath.Glob("../../tests/testdata/*/stack.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range append(seeds, "../../Pulumi.azure.yaml") {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var file struct {
			Config map[string]any `yaml:"config"`
		}
		if yaml.Unmarshal([]byte(text), &file) != nil {
			t.Skip("not YAML")
		}
		stack, findings := Decode("project/stack", file.Config)
		if (stack == nil) == (len(findings.Errors) == 0) {
			t.Fatalf("stack %v with errors %v", stack, findings.Errors)
		}
		if stack == nil {
			return
		}
		for _, n := range stack.Cluster.Nodes {
			userData, err := host.UserData(host.Machine{Cluster: stack.Cluster, Node: n, Config: stack.Hosts})
			if err != nil {
				t.Fatalf("a valid configuration has no user-data: %v", err)
			}
			if err := host.CheckUserDataSize(Cloud, userData); err != nil {
				t.Fatalf("a valid configuration's user-data is refused: %v", err)
			}
			if stack.Cluster.ServerProperties(n) == "" {
				t.Fatalf("node %d has no server.properties", n.ID)
			}
		}
	})
}
