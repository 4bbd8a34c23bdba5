package aws

import (
	"slices"
	"strings"
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
