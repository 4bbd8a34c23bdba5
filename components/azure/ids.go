package azure

import (
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

var subnetIDPattern = regexp.MustCompile(`(?i)^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+$`)

// subnetID is a subnet's resource id, taken apart.
type subnetID struct{ subscription, resourceGroup, virtualNetwork, subnet string }

func parseSubnetID(id string) (subnetID, bool) {
	if !subnetIDPattern.MatchString(id) {
		return subnetID{}, false
	}
	p := splitID(id)
	return subnetID{p[1], p[3], p[7], p[9]}, true
}

func checkSubnetID(path *field.Path, id string) field.ErrorList {
	if _, ok := parseSubnetID(id); ok {
		return nil
	}
	return field.ErrorList{kafka.Invalid(path, id, "is not the resource id of a subnet",
		"give /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/<network>/subnets/<subnet>")}
}

func splitID(id string) []string { return strings.Split(strings.TrimPrefix(id, "/"), "/") }
