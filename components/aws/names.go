package aws

import (
	"regexp"

	"github.com/kafkalink/kafkalink/components/naming"
)

// Sources: Elastic Load Balancing API reference; "Tag naming limits and requirements"; EC2 and IAM API references.
var (
	tagName   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._:/=+@-]*$`)
	tagText   = "starts with a letter or digit, and holds only those, spaces and . _ : / = + @ -"
	groupName = regexp.MustCompile(`^[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]+$`)

	networkRule       = naming.Rule{Kind: "VPC", Max: 200, Pattern: tagName, Words: tagText}
	subnetRule        = naming.Rule{Kind: "subnet", Max: 255, Pattern: tagName, Words: tagText}
	securityGroupRule = naming.Rule{Kind: "security group", Max: 255, Pattern: groupName, Words: "holds only letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *"}
	loadBalancerRule  = naming.Rule{Kind: "load balancer", Max: 32, Pattern: naming.Hyphened, Words: naming.HyphenedWords}
	targetGroupRule   = naming.Rule{Kind: "target group", Max: 32, Pattern: naming.Hyphened, Words: naming.HyphenedWords}
	serviceRule       = naming.Rule{Kind: "endpoint service", Article: "an", Max: 255, Pattern: tagName, Words: tagText}
	machineRule       = naming.Rule{Kind: "machine", Max: 64, Pattern: naming.Hyphened, Words: naming.HyphenedWords}
	keyPairRule       = naming.Rule{Kind: "key pair", Max: 255, Pattern: tagName, Words: tagText}
)
