package azure

import (
	"regexp"
	"strconv"
	"strings"
)

// size is what a machine of one size has.
type size struct {
	memoryMiB int  // 0: not known
	nvme      bool // its disks are behind an NVMe controller unless the machine says otherwise
}

// sizeName has the family, the virtual CPUs (and how many of them are on, in a constrained size), features and version
// (learn.microsoft.com, "Azure virtual machine sizes naming conventions").
var sizeName = regexp.MustCompile(`(?i)^Standard_([A-Z]+)(\d+)i?(?:-\d+)?([a-z]*)(?:_v(\d+))?$`)

// exceptions are sizes whose memory does not follow from their family, in MiB.
var exceptions = map[string]int{
	"Standard_B1ls": 512, "Standard_B1s": 1 << 10, "Standard_B1ms": 2 << 10, "Standard_B2s": 4 << 10,
	"Standard_B2ms": 8 << 10, "Standard_B4ms": 16 << 10, "Standard_B8ms": 32 << 10, "Standard_B12ms": 48 << 10,
	"Standard_B16ms": 64 << 10, "Standard_B20ms": 80 << 10,
	"Standard_B2ts_v2": 1 << 10, "Standard_B2ats_v2": 1 << 10, "Standard_B2pts_v2": 1 << 10,
	"Standard_A1_v2": 2 << 10, "Standard_A2_v2": 4 << 10, "Standard_A4_v2": 8 << 10, "Standard_A8_v2": 16 << 10,
	"Standard_DS1_v2": 3584, "Standard_DS2_v2": 7 << 10, "Standard_DS3_v2": 14 << 10, "Standard_DS4_v2": 28 << 10,
	"Standard_DS5_v2": 56 << 10, "Standard_DS11_v2": 14 << 10, "Standard_DS12_v2": 28 << 10,
	"Standard_DS13_v2": 56 << 10, "Standard_DS14_v2": 112 << 10,
}

// sizeOf reads a size's name. known is false if the memory is not known.
func sizeOf(name string) (s size, known bool) {
	for exception, memory := range exceptions {
		if strings.EqualFold(name, exception) {
			return size{memoryMiB: memory}, true
		}
	}
	match := sizeName.FindStringSubmatch(name)
	if match == nil {
		return size{}, false
	}
	family, features := strings.ToUpper(match[1]), strings.ToLower(match[3])
	cpus, err := strconv.Atoi(match[2])
	if err != nil {
		return size{}, false
	}
	version := 1
	if match[4] != "" {
		version, _ = strconv.Atoi(match[4]) // digits; one too many is a version like any other
	}
	s = size{memoryMiB: memoryPerCPU(family, features, version, cpus) * cpus << 10, nvme: onlyNVMe(family, version)}
	return s, s.memoryMiB > 0
}

// memoryPerCPU is in GiB; 0 if it is not known.
func memoryPerCPU(family, features string, version, cpus int) int {
	has := func(feature string) bool { return strings.Contains(features, feature) }
	switch {
	case family == "B" && version >= 2, family == "D" && version >= 3:
		if has("l") {
			return 2
		}
		return 4
	case family == "E" && version >= 3 && cpus < 64, family == "L":
		return 8 // the largest sizes of family E have less
	case family == "F" && version < 6:
		return 2
	case family == "F" && has("l"):
		return 2
	case family == "F" && has("m"):
		return 8
	case family == "F":
		return 4
	}
	return 0
}

// onlyNVMe: Intel's and AMD's families D, E and F from version 6 on and L from version 4 on have no SCSI controller
// (learn.microsoft.com, the pages of the series).
func onlyNVMe(family string, version int) bool {
	switch family {
	case "D", "E", "F":
		return version >= 6
	case "L":
		return version >= 4
	}
	return false
}
