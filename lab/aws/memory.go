package aws

import (
	"strconv"
	"strings"
)

// perCPU is the memory of a family's types for each virtual CPU, in MiB.
var perCPU = map[byte]int{'m': 4 << 10, 'c': 2 << 10, 'r': 8 << 10, 'i': 8 << 10, 'd': 8 << 10}

// burstable is the memory of the types of family t, in MiB; those that are larger have 4 GiB for each virtual CPU.
var burstable = map[string]int{"nano": 512, "micro": 1 << 10, "small": 2 << 10, "medium": 4 << 10, "large": 8 << 10}

// memoryOf is the memory of a type of instance, in MiB; 0 if it is not known.
func memoryOf(instanceType string) int {
	family, size, ok := strings.Cut(instanceType, ".")
	if !ok || family == "" {
		return 0
	}
	cpus := map[string]int{"medium": 1, "large": 2, "xlarge": 4}[size]
	if many, ok := strings.CutSuffix(size, "xlarge"); ok && many != "" {
		if n, err := strconv.Atoi(many); err == nil && n > 0 && n <= 96 {
			cpus = 4 * n
		}
	}
	if family[0] == 't' {
		if memory := burstable[size]; memory > 0 {
			return memory
		}
		return cpus * 4 << 10
	}
	return cpus * perCPU[family[0]]
}
