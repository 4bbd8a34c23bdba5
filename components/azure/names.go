package azure

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// nameRule is what Azure accepts as the name of one kind of resource.
// Source: "Naming rules and restrictions for Azure resources".
type nameRule struct {
	kind    string
	max     int
	pattern *regexp.Regexp
	words   string
}

var (
	networkName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?$`)
	networkText = "starts with a letter or digit, ends with a letter, digit or underscore, and holds only those, periods and hyphens"

	resourceGroupRule = nameRule{"resource group", 90, regexp.MustCompile(`^[A-Za-z0-9._()-]*[A-Za-z0-9_()-]$`), "holds only letters, digits, periods, underscores, hyphens and parentheses, and does not end with a period"}
	virtualNetRule    = nameRule{"virtual network", 64, networkName, networkText}
	subnetRule        = nameRule{"subnet", 80, networkName, networkText}
	securityRuleRule  = nameRule{"network security group", 80, networkName, networkText}
	loadBalancerRule  = nameRule{"load balancer", 80, networkName, networkText}
	lbPartRule        = nameRule{"part of a load balancer", 80, networkName, networkText}
	serviceRule       = nameRule{"Private Link Service", 80, networkName, networkText}
	machineRule       = nameRule{"Linux virtual machine", 64, regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`), "holds only letters, digits and hyphens, and neither starts nor ends with a hyphen"}
	diskRule          = nameRule{"managed disk", 80, regexp.MustCompile(`^[A-Za-z0-9_.-]+$`), "holds only letters, digits, underscores, periods and hyphens"}
)

// check reports a name that Azure would refuse.
func (r nameRule) check(path *field.Path, name string) field.ErrorList {
	if name == "" {
		return field.ErrorList{kafka.Missing(path, "a "+r.kind+" needs a name", "give one")}
	}
	if len(name) > r.max || !r.pattern.MatchString(name) {
		return field.ErrorList{kafka.Invalid(path, name,
			"a "+r.kind+"'s name has at most "+itoa(r.max)+" characters, "+r.words, "choose such a name")}
	}
	return nil
}

// fit cuts a name we compose ourselves to the kind's limit, keeping it distinct by a hash of the whole.
func (r nameRule) fit(name string) string {
	if len(name) <= r.max {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	tail := "-" + hex.EncodeToString(sum[:4])
	return strings.TrimRight(name[:r.max-len(tail)], "-._") + tail
}

// CheckResourceGroupName reports a name that Azure would refuse for a resource group.
func CheckResourceGroupName(path *field.Path, name string) field.ErrorList {
	return resourceGroupRule.check(path, name)
}
