package stacktest

import (
	"os"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
)

// Decode reads a stack's configuration, as every cloud's stack does.
type Decode func(identity string, values map[string]any) (*base.Stack, kafka.Findings)

// Fuzz reads any text as a configuration without panicking, and renders whatever it finds valid. It begins with the
// cloud's stacks' files. mostUserData is how much of it the cloud takes.
func Fuzz(f *testing.F, cloud string, mostUserData int, decode Decode) {
	for _, path := range files(f, cloud) {
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
		render(t, mostUserData, file.Config, decode)
	})
}

// render reads a configuration, and says whether it is valid; what is gets rendered.
func render(t *testing.T, mostUserData int, values map[string]any, decode Decode) (valid bool) {
	t.Helper()
	stack, findings := decode("project/stack", values)
	if (stack == nil) == (len(findings.Errors) == 0) {
		t.Fatalf("stack %v with errors %v", stack, findings.Errors)
	}
	if stack == nil {
		return false
	}
	for _, n := range stack.Cluster.Nodes {
		userData, err := host.UserData(host.Machine{Cluster: stack.Cluster, Node: n, Config: stack.Hosts})
		if err != nil {
			t.Fatalf("a valid configuration has no user-data: %v", err)
		}
		if len(userData) > mostUserData {
			t.Fatalf("a valid configuration's user-data has %d bytes, more than %d", len(userData), mostUserData)
		}
		if stack.Cluster.ServerProperties(n) == "" {
			t.Fatalf("node %d has no server.properties", n.ID)
		}
	}
	return true
}
