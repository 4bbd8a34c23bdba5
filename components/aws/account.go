package aws

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// account is where the provider's credentials lead.
type account struct {
	id, region string
	partition  string // "aws", or that of China or of the government
}

func whereAmI(ctx *pulumi.Context, parent pulumi.Resource) (account, error) {
	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, pulumi.Parent(parent))
	if err != nil {
		return account{}, fmt.Errorf("cannot tell whose credentials these are; log in to AWS: %w", err)
	}
	region, err := aws.GetRegion(ctx, &aws.GetRegionArgs{}, pulumi.Parent(parent))
	if err != nil {
		return account{}, fmt.Errorf("cannot tell the region; set aws:region: %w", err)
	}
	return account{id: caller.AccountId, region: region.Name, partition: strings.Split(caller.Arn, ":")[1]}, nil
}

// parameterARN of the parameters below a path.
func (a account) parameterARN(path string) string {
	return fmt.Sprintf("arn:%s:ssm:%s:%s:parameter%s/*", a.partition, a.region, a.id, path)
}
