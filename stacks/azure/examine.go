package azure

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/stacks/azure/readiness"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// Examine asks Azure whether it will take what is planned, with the credentials that the program's provider has, by the proxy
// of the environment.
func Examine(ctx *pulumi.Context, planned []examination.Planned, env []string) ([]examination.Check, error) {
	return examine(ctx, planned, readiness.ProxyOf(env), readiness.Examine)
}

type ask func(context.Context, *resourcemanager.Client, []examination.Planned) ([]examination.Check, error)

func examine(ctx *pulumi.Context, planned []examination.Planned, proxy resourcemanager.Proxy, ask ask) ([]examination.Check, error) {
	rm, err := azure.ResourceManager(ctx, proxy)
	if err != nil {
		return []examination.Check{{
			Subject: "credentials", Missing: true, Detail: err.Error(),
			Next: "log in with `az login`, or set ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_TENANT_ID and ARM_SUBSCRIPTION_ID",
		}}, nil
	}
	return ask(ctx.Context(), rm, planned)
}
