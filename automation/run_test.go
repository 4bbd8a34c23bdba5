package automation

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// The engine hands structures over with their secrets in the clear.
func TestUnderPulumiASecretIsRefusedAndNotShown(t *testing.T) {
	t.Parallel()
	programs := []Program{{
		Cloud: "moon",
		Decode: func(_ StackIdentity, c Configuration) (*kafka.Cluster, kafka.Findings) {
			var f kafka.Findings
			for key, value := range c {
				f.Errors = append(f.Errors, kafka.Invalid(field.NewPath(key), value, "is no value", "remove it"))
			}
			return nil, f
		},
	}}
	values := `{"kafkalink:cloud": "moon", "kafkalink:links": "[{\"key\":\"hunter2\"}]", "kafkalink:linksTo": "b"}`

	err := pulumi.RunErr(underPulumi(programs, values, `["kafkalink:links"]`), pulumi.WithMocks("house", "dev", noResources{}))

	require.ErrorContains(t, err, "kafkalink:links: Forbidden: holds a secret; what is made of kafkalink's configuration is "+
		"readable in user-data and state; set it without --secret and refer to files on the hosts as ${file:...}")
	require.ErrorContains(t, err, `kafkalink:linksTo: Invalid value: "b"`)
	require.NotContains(t, err.Error(), "hunter2")
	require.NotContains(t, err.Error(), SecretPlaceholder)
}

type noResources struct{}

func (noResources) NewResource(pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return "", nil, nil
}

func (noResources) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) { return nil, nil }

func TestUnderPulumiBadConfigurationIsRefusedBeforeTheProgram(t *testing.T) {
	t.Parallel()
	var identity StackIdentity
	ran := false
	programs := []Program{{
		Cloud: "moon",
		Decode: func(id StackIdentity, c Configuration) (*kafka.Cluster, kafka.Findings) {
			identity = id
			var f kafka.Findings
			for key := range c {
				if key == "kafkalink:clutser" {
					f.Errors = append(f.Errors, kafka.Forbidden(field.NewPath(key), "is not a setting", "did you mean kafkalink:cluster?"))
				}
			}
			return nil, f
		},
		Run: func(*pulumi.Context) error { ran = true; return nil },
	}}
	cases := []struct{ name, values, want string }{
		{"no cloud", `{}`, "no program for this stack: the configuration does not set kafkalink:cloud\nset kafkalink:cloud to one of: moon"},
		{"an unknown key", `{"kafkalink:cloud": "moon", "kafkalink:clutser": "{\"name\":\"k\"}"}`,
			"the configuration is not valid: kafkalink:clutser: Forbidden: is not a setting; did you mean kafkalink:cluster?\ncorrect Pulumi.dev.yaml"},
		{"valid", `{"kafkalink:cloud": "moon"}`, ""},
	}
	for _, c := range cases {
		ran = false
		err := pulumi.RunErr(underPulumi(programs, c.values, ""), pulumi.WithMocks("house", "dev", noResources{}))
		if c.want == "" {
			require.NoError(t, err, c.name)
			require.True(t, ran, c.name)
			continue
		}
		require.ErrorContains(t, err, c.want, c.name)
		require.False(t, ran, c.name)
	}
	require.Equal(t, "house", identity.Project)
	require.Equal(t, "dev", identity.Stack)
}
