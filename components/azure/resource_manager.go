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
	subscription, err := subscription(ctx, opts...)
	if err != nil {
		return nil, err
	}
	opts = utilities.PkgInvokeDefaultOpts(opts)
	return resourcemanager.New(ctx.Context(), resourcemanager.Credentials{
		Subscription: subscription,
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

// subscription is the id of the one that the provider works in.
func subscription(ctx *pulumi.Context, opts ...pulumi.InvokeOption) (string, error) {
	var config struct {
		SubscriptionID string `pulumi:"subscriptionId"`
	}
	if err := ctx.Invoke("azure-native:authorization:getClientConfig", map[string]any{}, &config, utilities.PkgInvokeDefaultOpts(opts)...); err != nil {
		return "", fmt.Errorf("cannot read the provider's login: %w", err)
	}
	if config.SubscriptionID == "" {
		return "", errors.New("the provider has no subscription; set azure-native:subscriptionId or ARM_SUBSCRIPTION_ID, or run `az account set --subscription ID`")
	}
	return config.SubscriptionID, nil
}

// Versions of the services that are asked.
const computeAPI, disksAPI, networkAPI = "2024-07-01", "2024-03-02", "2024-05-01"

// machinePath is the resource id of a virtual machine.
func machinePath(rm *resourcemanager.Client, resourceGroup, name string) string {
	return rm.Group(resourceGroup) + "/providers/Microsoft.Compute/virtualMachines/" + name
}
