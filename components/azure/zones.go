package azure

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// checkZones compares the cluster's zones with Azure's, which are numbers.
func checkZones(cluster kafka.Spec) (errs field.ErrorList) {
	for path, zone := range cluster.AllZones() {
		if !slices.Contains([]string{"", "1", "2", "3"}, zone) {
			errs = append(errs, kafka.Invalid(path, zone, "is not an availability zone of Azure", `use "1", "2" or "3"`))
		}
	}
	return errs
}

func zones(n kafka.Node) pulumi.StringArray {
	if n.Zone == "" {
		return nil
	}
	return pulumi.StringArray{pulumi.String(n.Zone)}
}

// frontendZones makes the frontend zone-redundant, but for a cluster in a region without zones.
func frontendZones(c *kafka.Cluster) pulumi.StringArray {
	for _, n := range c.Nodes {
		if n.Zone != "" {
			return pulumi.ToStringArray([]string{"1", "2", "3"})
		}
	}
	return nil
}
