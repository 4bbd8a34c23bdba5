package aws

import (
	"fmt"
	"sync"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// FindImage is the id of an image in the provider's region: of the newest of Amazon's whose name matches, or of the one that has
// this id. Deprecated images count, since machines can be made from them.
func FindImage(ctx *pulumi.Context, image string, opts ...pulumi.InvokeOption) (string, error) {
	query := &ec2.LookupAmiArgs{
		Owners:     []string{"amazon"}, // anybody may give an image a name like Amazon's
		Filters:    []ec2.GetAmiFilter{{Name: "name", Values: []string{image}}, {Name: "architecture", Values: []string{"x86_64"}}},
		MostRecent: pulumi.BoolRef(true), IncludeDeprecated: pulumi.BoolRef(true),
	}
	what := "Amazon's image " + image + " for x86"
	if imageID.MatchString(image) {
		query.Owners, query.Filters = nil, []ec2.GetAmiFilter{{Name: "image-id", Values: []string{image}}}
		what = image
	}
	found, err := ec2.LookupAmi(ctx, query, opts...)
	if err != nil {
		return "", fmt.Errorf("machines.image: cannot find %s in this region; check that these credentials may look (ec2:DescribeImages); if it has been withdrawn, choose another, such as %s, and run up again: %w", what, DefaultImage, err)
	}
	return found.Id, nil
}

// newest is FindImage, asked once and only if a machine is to be made.
func newest(ctx *pulumi.Context, image string, opts ...pulumi.InvokeOption) func() (string, error) {
	return sync.OnceValues(func() (string, error) { return FindImage(ctx, image, opts...) })
}

// CheckImage looks for the image that machines are to have.
func (s machines) CheckImage(*pulumi.Context) error {
	_, err := s.newest()
	return err
}

// imageOf is the id of the image that a machine has, or is made from. A name means another one in time, and another one would
// replace the machine.
func (s machines) imageOf(m *rolling.Machine) (string, error) {
	if m.Stays() {
		return m.Deployed.Image, nil
	}
	return s.newest()
}
