package stacktest

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// Documents is the set-up of a cloud's document, with some of its keys replaced.
func Documents(t *testing.T, cloud string, changes map[string]any) map[string]any {
	t.Helper()
	text, err := os.ReadFile(documents(cloud))
	require.NoError(t, err)
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	maps.Copy(file.Config, changes)
	return file.Config
}

// documents is the path of that, from a stack's folder.
func documents(cloud string) string { return "../../Pulumi." + cloud + ".yaml" }

// files are the paths of all stacks' files of a cloud: the document's, the template's, and the tests' scenarios.
func files(t testing.TB, cloud string) []string {
	t.Helper()
	scenarios, err := filepath.Glob("../../tests/testdata/" + cloud + "/*/stack.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, scenarios)
	return append([]string{documents(cloud), "../../templates/" + cloud + "/Pulumi.dev.yaml"}, scenarios...)
}
