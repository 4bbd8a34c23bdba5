package tests

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/automation"
)

// invalidCase is a change of the documents' set-up, and the lines it gets.
type invalidCase struct {
	Name string         `yaml:"name"`
	Set  map[string]any `yaml:"set"`
	Want []string       `yaml:"want"`
}

func invalidCases(t *testing.T, c cloud) (cases []invalidCase) {
	t.Helper()
	text, err := os.ReadFile(c.testdata("invalid.yaml"))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &cases))
	require.GreaterOrEqual(t, len(cases), 60)
	return cases
}

func TestEveryProblemOfAConfigurationIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	onEachCloud(t, func(t *testing.T, c cloud) {
		for _, invalid := range invalidCases(t, c) {
			t.Run(invalid.Name, func(t *testing.T) {
				t.Parallel()
				config := changed(t, scenarioConfig(t, c, "documents"), invalid.Set)
				cluster, findings := c.program(t).Decode(automation.StackIdentity{Project: "kafkalink", Stack: "test"}, config)
				require.Nil(t, cluster)
				var got []string
				for _, problem := range findings.Errors {
					got = append(got, problem.Error())
				}
				require.Equal(t, invalid.Want, got)
			})
		}
	})
}
