package tests

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/stacks/azure"
)

// invalidCase is a change of the documents' set-up, and the lines it gets.
type invalidCase struct {
	Name string         `yaml:"name"`
	Set  map[string]any `yaml:"set"`
	Want []string       `yaml:"want"`
}

func invalidCases(t *testing.T) (cases []invalidCase) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "invalid.yaml"))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &cases))
	require.GreaterOrEqual(t, len(cases), 60)
	return cases
}

func TestEveryProblemOfAConfigurationIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range invalidCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			config := changed(t, scenarioConfig(t, "documents"), c.Set)
			stack, findings := azure.Decode("kafkalink/test", config)
			require.Nil(t, stack)
			var got []string
			for _, problem := range findings.Errors {
				got = append(got, problem.Error())
			}
			require.Equal(t, c.Want, got)
		})
	}
}
