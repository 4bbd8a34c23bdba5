package automation

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEngineEnvironment(t *testing.T) {
	t.Parallel()
	given := []string{
		"HOME=/home/u", "PATH=/bin",
		"PULUMI_ACCESS_TOKEN=t", "PULUMI_CONFIG_PASSPHRASE=p", "PULUMI_BACKEND_URL=file://~",
		"PULUMI_MONITOR=127.0.0.1:1", "PULUMI_ENGINE=127.0.0.1:2", "PULUMI_DEBUG_PROVIDERS=aws:1", "PULUMI_SKIP_CHECKPOINTS=1",
		"KAFKALINK_PULUMI=/p", "ARM_CLIENT_SECRET=s", "AWS_PROFILE=x",
	}
	cases := []struct {
		name      string
		simulated bool
		want      []string
	}{
		{"a real run gets the user's own, and nothing of another program's", false, []string{
			"HOME=/home/u", "PATH=/bin", "PULUMI_ACCESS_TOKEN=t", "PULUMI_CONFIG_PASSPHRASE=p", "PULUMI_BACKEND_URL=file://~",
			"ARM_CLIENT_SECRET=s", "AWS_PROFILE=x", "PULUMI_SKIP_UPDATE_CHECK=true",
		}},
		{"a simulated run gets neither login nor credentials", true, []string{
			"HOME=/home/u", "PATH=/bin", "PULUMI_SKIP_UPDATE_CHECK=true",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, engineEnvironment(given, c.simulated))
		})
	}
}
