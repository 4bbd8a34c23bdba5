package azure

import (
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/naming"
)

// Source: "Naming rules and restrictions for Azure resources".
var (
	networkName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?$`)
	networkText = "starts with a letter or digit, ends with a letter, digit or underscore, and holds only those, periods and hyphens"

	resourceGroupRule = naming.Rule{Kind: "resource group", Max: 90, Pattern: regexp.MustCompile(`^[A-Za-z0-9._()-]*[A-Za-z0-9_()-]$`), Words: "holds only letters, digits, periods, underscores, hyphens and parentheses, and does not end with a period"}
	networkRule       = naming.Rule{Kind: "virtual network", Max: 64, Pattern: networkName, Words: networkText}
	subnetRule        = naming.Rule{Kind: "subnet", Max: 80, Pattern: networkName, Words: networkText}
	securityGroupRule = naming.Rule{Kind: "network security group", Max: 80, Pattern: networkName, Words: networkText}
	loadBalancerRule  = naming.Rule{Kind: "load balancer", Max: 80, Pattern: networkName, Words: networkText}
	lbPartRule        = naming.Rule{Kind: "part of a load balancer", Max: 80, Pattern: networkName, Words: networkText}
	serviceRule       = naming.Rule{Kind: "Private Link Service", Max: 80, Pattern: networkName, Words: networkText}
	machineRule       = naming.Rule{Kind: "Linux virtual machine", Max: 64, Pattern: naming.Hyphened, Words: naming.HyphenedWords}
	diskRule          = naming.Rule{Kind: "managed disk", Max: 80, Pattern: regexp.MustCompile(`^[A-Za-z0-9_.-]+$`), Words: "holds only letters, digits, underscores, periods and hyphens"}
)

// CheckResourceGroupName reports a name that Azure would refuse for a resource group.
func CheckResourceGroupName(path *field.Path, name string) field.ErrorList {
	return resourceGroupRule.Check(path, name)
}
