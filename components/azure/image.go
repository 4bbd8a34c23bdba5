package azure

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
)

// CheckImage asks whether Azure still has the machines' image. Before the first machine nobody knows the region, and nothing can be
// lost; where these credentials may not ask, Azure says so when it makes the machine.
func (s machines) CheckImage(ctx *pulumi.Context) error {
	if s.Deployed == nil || s.Deployed.Region == "" {
		return nil
	}
	rm, err := s.resourceManager()
	if err != nil {
		return err
	}
	image := resourcemanager.ParseImage(s.BrokersArgs.Plan.Image)
	if _, err = rm.Architecture(ctx.Context(), s.Deployed.Region, image); resourcemanager.Withdrawn(err) {
		return fmt.Errorf("machines.image: Azure does not have %s in %s; choose another (az vm image list --all --location %s --publisher %s --offer %s), or the newest with the version latest, and run up again: %w",
			image, s.Deployed.Region, s.Deployed.Region, image.Publisher, image.Offer, err)
	}
	return nil
}
