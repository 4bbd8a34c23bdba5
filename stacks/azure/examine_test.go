package azure

import (
	"context"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/components/azure/resourcemanager/resourcemanagertest"
	"github.com/kafkalink/kafkalink/stacks/examination"
	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

const getConfig, getToken = "azure-native:authorization:getClientConfig", "azure-native:authorization:getClientToken"

func TestAzureIsAskedWithTheProvidersCredentials(t *testing.T) {
	planned := []examination.Planned{{Token: "azure-native:compute:Disk"}}
	answer := []examination.Check{{Subject: "asked"}}
	var checks []examination.Check
	stacktest.Ask(t, stacktest.Answers{
		getConfig: map[string]any{"subscriptionId": "s-1"}, getToken: map[string]any{"token": resourcemanagertest.Token("https://management.azure.com/", nil)},
	}, func(ctx *pulumi.Context) (err error) {
		checks, err = examine(ctx, planned, nil, func(_ context.Context, rm *resourcemanager.Client, asked []examination.Planned) ([]examination.Check, error) {
			require.Equal(t, "/subscriptions/s-1", rm.Scope())
			require.Equal(t, planned, asked)
			return answer, nil
		})
		return err
	})
	require.Equal(t, answer, checks)
}

func TestWithoutALoginNothingIsAskedAndLoggingInIsAdvised(t *testing.T) {
	for name, c := range map[string]struct {
		answers stacktest.Answers
		want    string
	}{
		"no login":        {stacktest.Answers{getConfig: errors.New("please run 'az login'")}, "please run 'az login'"},
		"no subscription": {stacktest.Answers{getConfig: map[string]any{"subscriptionId": ""}}, "the provider has no subscription"},
		"no token": {
			stacktest.Answers{getConfig: map[string]any{"subscriptionId": "s-1"}, getToken: map[string]any{"token": ""}}, "the provider has no token",
		},
		"a token for something else": {
			stacktest.Answers{getConfig: map[string]any{"subscriptionId": "s-1"}, getToken: map[string]any{"token": resourcemanagertest.Token("https://vault.azure.net", nil)}},
			`is for "https://vault.azure.net"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var checks []examination.Check
			stacktest.Ask(t, c.answers, func(ctx *pulumi.Context) (err error) {
				checks, err = Examine(ctx, nil, nil)
				return err
			})
			require.Len(t, checks, 1)
			require.True(t, checks[0].Missing)
			require.Contains(t, checks[0].Detail, c.want)
			require.Contains(t, checks[0].Next, "az login")
		})
	}
}
