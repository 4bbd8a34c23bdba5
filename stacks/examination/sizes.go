package examination

import (
	"fmt"
	"strings"
)

// Offered says where a size of machines is offered to how many that are planned.
func Offered(where string, machines, vCPUs int) string {
	return fmt.Sprintf("offered in %s for %d machines, %d vCPUs each", where, machines, vCPUs)
}

// NotOffered is the problem with a size that a region does not have.
func NotOffered(region string) string { return "not offered in " + region }

// NotOfferedIn is the problem with a size that a zone does not have. offered are those that do.
func NotOfferedIn(zone string, offered []string) string {
	return fmt.Sprintf("not offered in zone %s (in %s)", zone, strings.Join(offered, ", "))
}
