package azure

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/azure/readiness"
	"github.com/kafkalink/kafkalink/stacks/examination"
	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

const getConfig, getToken = "azure-native:authorization:getClientConfig", "azure-native:authorization:getClientToken"

func tokenFor(audience string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"aud":"`+audience+`"}`)) + ".signature"
}

func TestAzureIsAskedWithTheProvidersCredentials(t *testing.T) {
	for token, want := range map[string]string{
		"opaque":  "https://management.azure.com",
		"a.%.c":   "https://management.azure.com",
		"a.bnVs.": "https://management.azure.com",
		tokenFor("https://management.core.windows.net/"):      "https://management.azure.com",
		tokenFor("https://management.usgovcloudapi.net"):      "https://management.usgovcloudapi.net",
		tokenFor("https://management.core.chinacloudapi.cn/"): "https://management.chinacloudapi.cn",
		tokenFor("https://usgovcloudapi.net.elsewhere.test"):  "https://management.azure.com",
	} {
		planned := []examination.Planned{{Token: "azure-native:compute:Disk"}}
		answer := []examination.Check{{Subject: "asked"}}
		var checks []examination.Check
		stacktest.Ask(t, stacktest.Answers{getConfig: map[string]any{"subscriptionId": "s-1"}, getToken: map[string]any{"token": token}}, func(ctx *pulumi.Context) (err error) {
			checks, err = examine(ctx, planned, nil, func(_ context.Context, access readiness.Access, asked []examination.Planned) ([]examination.Check, error) {
				require.Equal(t, readiness.Access{Subscription: "s-1", Token: token, Endpoint: want}, access)
				require.Equal(t, planned, asked)
				return answer, nil
			})
			return err
		})
		require.Equal(t, answer, checks)
	}
}

func TestWithoutALoginNothingIsAskedAndLoggingInIsAdvised(t *testing.T) {
	var checks []examination.Check
	stacktest.Ask(t, stacktest.Answers{getConfig: errors.New("please run 'az login'")}, func(ctx *pulumi.Context) (err error) {
		checks, err = Examine(ctx, nil, nil)
		return err
	})
	require.Len(t, checks, 1)
	require.True(t, checks[0].Missing)
	require.Contains(t, checks[0].Detail, "please run 'az login'")
	require.Contains(t, checks[0].Next, "az login")
}
