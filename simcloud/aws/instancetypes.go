package aws

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// Hypervisor is what a type of instance runs on, which decides what its disks are called.
type Hypervisor string

// Hypervisors: on Xen disks appear as /dev/xvd*, on Nitro as NVMe.
const (
	Xen   Hypervisor = "xen"
	Nitro Hypervisor = "nitro"
)

const (
	x86 = "x86_64"
	arm = "arm64"
)

type family struct {
	hypervisor   Hypervisor
	architecture string
	sizes        []string
}

var (
	burstable = []string{"nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"}
	general   = []string{"large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"}
	withSmall = append([]string{"medium"}, general...)
)

// families are the types of instances the simulation knows.
var families = map[string]family{
	"t2": {Xen, x86, burstable}, "t3": {Nitro, x86, burstable}, "t3a": {Nitro, x86, burstable}, "t4g": {Nitro, arm, burstable},
	"m5": {Nitro, x86, general}, "m5a": {Nitro, x86, general}, "m6i": {Nitro, x86, general}, "m6a": {Nitro, x86, general}, "m7i": {Nitro, x86, general}, "m7a": {Nitro, x86, withSmall},
	"m6g": {Nitro, arm, withSmall}, "m7g": {Nitro, arm, withSmall}, "m8g": {Nitro, arm, withSmall},
	"c5": {Nitro, x86, general}, "c6i": {Nitro, x86, general}, "c6a": {Nitro, x86, general}, "c7i": {Nitro, x86, general}, "c6g": {Nitro, arm, withSmall}, "c7g": {Nitro, arm, withSmall},
	"r5": {Nitro, x86, general}, "r6i": {Nitro, x86, general}, "r6a": {Nitro, x86, general}, "r7i": {Nitro, x86, general}, "r6g": {Nitro, arm, withSmall}, "r7g": {Nitro, arm, withSmall}, "r8g": {Nitro, arm, withSmall},
	"i3en": {Nitro, x86, general}, "i4i": {Nitro, x86, general}, "i4g": {Nitro, arm, general}, "d3": {Nitro, x86, general},
}

// familyOf finds what is known of a type of instance.
func familyOf(instanceType string) (family, bool) {
	name, size, _ := strings.Cut(instanceType, ".")
	found, ok := families[name]
	return found, ok && slices.Contains(found.sizes, size)
}

// HypervisorOf says what a type of instance runs on; it is "" for types that the simulation does not know.
func HypervisorOf(instanceType string) Hypervisor {
	if found, ok := familyOf(instanceType); ok {
		return found.hypervisor
	}
	return ""
}

func getInstanceType(_ simcloud.View, _ map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
	name := arguments.Text("instanceType")
	found, ok := familyOf(name)
	if !ok {
		return nil, fmt.Errorf("%s", singularWords.none("EC2 Instance Type"))
	}
	return simcloud.Properties{
		"id": name, "instanceType": name, "defaultVcpus": float64(vCPUsOf(name)), "supportedArchitectures": []any{found.architecture},
		"hypervisor": string(found.hypervisor), "burstablePerformanceSupported": strings.HasPrefix(name, "t"), "currentGeneration": true, "bareMetal": false,
	}, nil
}

// getInstanceTypeOfferings offers every type that is known, in every zone.
func getInstanceTypeOfferings(account Account) invoke {
	return func(_ simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		by := arguments.Text("locationType")
		if by == "" {
			by = "region"
		}
		var types, locations, kinds []string
		for _, location := range locationsOf(account, settings["region"], by) {
			for _, name := range instanceTypes() {
				passes, err := passesAll(simcloud.Properties{"instance-type": name, "location": location}, arguments.Objects("filters"))
				if err != nil {
					return nil, err
				}
				if passes {
					types, locations, kinds = append(types, name), append(locations, location), append(kinds, by)
				}
			}
		}
		return simcloud.Properties{"id": settings["region"], "instanceTypes": texts(types), "locations": texts(locations), "locationTypes": texts(kinds)}, nil
	}
}

// locationsOf a region are itself or its zones.
func locationsOf(account Account, region, by string) (locations []string) {
	for _, zone := range account.ZonesOf(region) {
		switch by {
		case "availability-zone":
			locations = append(locations, zone.Name)
		case "availability-zone-id":
			locations = append(locations, zone.ID)
		}
	}
	if by == "region" {
		return []string{region}
	}
	return locations
}

// instanceTypes are all that are known, in order.
func instanceTypes() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(families)) {
		for _, size := range families[name].sizes {
			names = append(names, name+"."+size)
		}
	}
	return names
}

// vCPUsOf a type of instance that is known.
func vCPUsOf(instanceType string) int {
	family, size, _ := strings.Cut(instanceType, ".")
	switch multiple, isLarge := strings.CutSuffix(size, "xlarge"); {
	case multiple != "" && isLarge:
		count, _ := strconv.Atoi(multiple)
		return 4 * count
	case isLarge:
		return 4
	case size == "large", strings.HasPrefix(family, "t") && (family != "t2" || size == "medium"):
		return 2
	}
	return 1
}
