package aws

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FindImage is the id that an image of Amazon's has in the provider's region; an id is itself.
func FindImage(ctx *pulumi.Context, image string, opts ...pulumi.InvokeOption) (string, error) {
	if imageID.MatchString(image) {
		return image, nil
	}
	found, err := ec2.LookupAmi(ctx, &ec2.LookupAmiArgs{
		Owners:            []string{"amazon"},
		Filters:           []ec2.GetAmiFilter{{Name: "name", Values: []string{image}}},
		IncludeDeprecated: pulumi.BoolRef(true),
	}, opts...)
	if err != nil {
		return "", fmt.Errorf("machines.image: cannot find Amazon's image %s in this region; check that these credentials may look (ec2:DescribeImages); if Amazon has withdrawn it, set the id (ami-…) that the machines have, which replaces none, or choose another image: %w", image, err)
	}
	return found.Id, nil
}
