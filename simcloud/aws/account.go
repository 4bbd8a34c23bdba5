package aws

import (
	"strconv"
	"strings"
)

// Account is an AWS account, as far as one differs from another.
type Account struct {
	ID string // twelve digits; empty: DefaultAccount
	// Zones are, by region, the ids of its availability zones in the order of their names a, b, c: every account has an
	// order of its own. A region that is not named has three: a is az1, b az3 and c az2.
	Zones map[string][]string
}

// DefaultAccount is the account where none is said.
const DefaultAccount = "123456789012"

// Zone is an availability zone as one account sees it.
type Zone struct{ Name, ID string }

// ZonesOf are an account's zones in a region, in the order of their names.
func (a Account) ZonesOf(region string) []Zone {
	ids := a.Zones[region]
	if ids == nil {
		for _, number := range []int{1, 3, 2} {
			ids = append(ids, regionPrefix(region)+"-az"+strconv.Itoa(number))
		}
	}
	var zones []Zone
	for i, id := range ids {
		zones = append(zones, Zone{region + string(rune('a'+i)), id})
	}
	return zones
}

// regionPrefix is a region's name in the ids of its zones: usw2 for us-west-2, apse1 for ap-southeast-1.
func regionPrefix(region string) string {
	short := ""
	for i, part := range strings.Split(region, "-") {
		if _, err := strconv.Atoi(part); i == 0 || err == nil {
			short += part
			continue
		}
		for _, direction := range []string{"north", "south", "east", "west", "central", "gov"} {
			if strings.Contains(part, direction) {
				short += direction[:1]
			}
		}
	}
	return short
}
