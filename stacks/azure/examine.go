package azure

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/v2/utilities"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/stacks/azure/readiness"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// Examine asks Azure whether it will take what is planned, with the credentials that the program's provider has, by the proxy
// of the environment.
func Examine(ctx *pulumi.Context, planned []examination.Planned, env []string) ([]examination.Check, error) {
	return examine(ctx, planned, readiness.ProxyOf(env), readiness.Examine)
}

type ask func(context.Context, readiness.Access, []examination.Planned) ([]examination.Check, error)

func examine(ctx *pulumi.Context, planned []examination.Planned, proxy readiness.Proxy, ask ask) ([]examination.Check, error) {
	access, err := credentials(ctx)
	if err != nil {
		return []examination.Check{{
			Subject: "credentials", Missing: true, Detail: err.Error(),
			Next: "log in with `az login`, or set ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_TENANT_ID and ARM_SUBSCRIPTION_ID",
		}}, nil
	}
	access.Proxy = proxy
	return ask(ctx.Context(), access, planned)
}

// credentials are those of the provider, whatever gave them to it.
func credentials(ctx *pulumi.Context) (readiness.Access, error) {
	var config struct {
		SubscriptionID string `pulumi:"subscriptionId"`
	}
	var token struct {
		Token string `pulumi:"token"`
	}
	options := utilities.PkgInvokeDefaultOpts(nil)
	if err := ctx.Invoke("azure-native:authorization:getClientConfig", map[string]any{}, &config, options...); err != nil {
		return readiness.Access{}, err
	}
	if err := ctx.Invoke("azure-native:authorization:getClientToken", map[string]any{}, &token, options...); err != nil {
		return readiness.Access{}, err
	}
	if config.SubscriptionID == "" || token.Token == "" {
		return readiness.Access{}, fmt.Errorf("the provider has no subscription or no token")
	}
	return readiness.Access{Subscription: config.SubscriptionID, Token: token.Token, Endpoint: endpoint(token.Token)}, nil
}

// clouds are the endpoints of Azure Resource Manager, by the end of the host for which its tokens are.
var clouds = map[string]string{
	".usgovcloudapi.net": "https://management.usgovcloudapi.net",
	".chinacloudapi.cn":  "https://management.chinacloudapi.cn",
}

// endpoint is where a token is good: in Azure's public cloud, unless it says that it is for another.
func endpoint(token string) string {
	const public = "https://management.azure.com"
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return public
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return public
	}
	var claims struct {
		Audience string `json:"aud"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return public
	}
	for suffix, endpoint := range clouds {
		if strings.HasSuffix(strings.TrimSuffix(claims.Audience, "/"), suffix) {
			return endpoint
		}
	}
	return public
}
