package azure

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/azure/readiness"
)

// login is a provider that answers what it is logged in as.
type login struct {
	token string // "": it is not
}

func (login) NewResource(pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return "", nil, errors.New("nothing is to be made")
}

func (l login) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	switch {
	case l.token == "":
		return nil, errors.New("please run 'az login'")
	case args.Token == "azure-native:authorization:getClientConfig":
		return resource.PropertyMap{"subscriptionId": resource.NewProperty("s-1")}, nil
	case args.Token == "azure-native:authorization:getClientToken":
		return resource.PropertyMap{"token": resource.NewProperty(l.token)}, nil
	}
	return nil, errors.New("asked for " + args.Token)
}

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
		planned := []readiness.Planned{{Token: "azure-native:compute:Disk"}}
		answer := []readiness.Check{{Subject: "asked"}}
		var checks []readiness.Check
		err := pulumi.RunErr(func(ctx *pulumi.Context) (err error) {
			checks, err = examine(ctx, planned, nil, func(_ context.Context, access readiness.Access, asked []readiness.Planned) ([]readiness.Check, error) {
				require.Equal(t, readiness.Access{Subscription: "s-1", Token: token, Endpoint: want}, access)
				require.Equal(t, planned, asked)
				return answer, nil
			})
			return err
		}, pulumi.WithMocks("house", "dev", login{token}))
		require.NoError(t, err)
		require.Equal(t, answer, checks)
	}
}

func TestWithoutALoginNothingIsAskedAndLoggingInIsAdvised(t *testing.T) {
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		checks, err := examine(ctx, nil, nil, nil)
		require.NoError(t, err)
		require.Len(t, checks, 1)
		require.True(t, checks[0].Missing)
		require.Contains(t, checks[0].Detail, "please run 'az login'")
		require.Contains(t, checks[0].Next, "az login")
		return nil
	}, pulumi.WithMocks("house", "dev", login{}))
	require.NoError(t, err)
}
