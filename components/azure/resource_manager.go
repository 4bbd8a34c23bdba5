package azure

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/v2/utilities"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
)

// ResourceManager asks Azure Resource Manager with the credentials of the provider that the options name: the default one, or that
// of a pulumi.Parent.
func ResourceManager(ctx *pulumi.Context, proxy resourcemanager.Proxy, opts ...pulumi.InvokeOption) (*resourcemanager.Client, error) {
	opts = utilities.PkgInvokeDefaultOpts(opts)
	var config struct {
		SubscriptionID string `pulumi:"subscriptionId"`
	}
	if err := ctx.Invoke("azure-native:authorization:getClientConfig", map[string]any{}, &config, opts...); err != nil {
		return nil, fmt.Errorf("cannot read the provider's login: %w", err)
	}
	if config.SubscriptionID == "" {
		return nil, errors.New("the provider has no subscription; set azure-native:subscriptionId or ARM_SUBSCRIPTION_ID, or run `az account set --subscription ID`")
	}
	return resourcemanager.New(ctx.Context(), resourcemanager.Credentials{
		Subscription: config.SubscriptionID,
		Proxy:        proxy,
		Token: func(context.Context) (string, error) {
			var answer struct {
				Token string `pulumi:"token"`
			}
			if err := ctx.Invoke("azure-native:authorization:getClientToken", map[string]any{}, &answer, opts...); err != nil {
				return "", fmt.Errorf("cannot get a token from the provider: %w", err)
			}
			if answer.Token == "" {
				return "", errors.New("the provider has no token; log in with `az login`, or set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID")
			}
			return answer.Token, nil
		},
	})
}

// computeAPI is the version of Microsoft.Compute that is asked.
const computeAPI = "2024-07-01"

// machinePath is the resource id of a virtual machine.
func machinePath(rm *resourcemanager.Client, resourceGroup, name string) string {
	return rm.Group(resourceGroup) + "/providers/Microsoft.Compute/virtualMachines/" + name
}
