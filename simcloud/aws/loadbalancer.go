package aws

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/addresses"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenLoadBalancer = "aws:lb/loadBalancer:LoadBalancer"

// balancingNames are what is asked of names of load balancers and target groups.
var balancingNames = []nameRule{
	{regexp.MustCompile(`[^0-9A-Za-z-]`), "only alphanumeric characters and hyphens are allowed"},
	{regexp.MustCompile(`^-`), "cannot begin with a hyphen"},
	{regexp.MustCompile(`-$`), "cannot end with a hyphen"},
}

func loadBalancer() awsType {
	return awsType{
		service: "ELBv2", noun: "Load Balancer", modifies: "ModifyLoadBalancerAttributes",
		name: &naming{input: "name", max: 32, rules: append(slices.Clone(balancingNames), nameRule{regexp.MustCompile(`^internal-`), `cannot begin with "internal-"`})},
		inputDefaults: simcloud.Properties{
			"clientKeepAlive": 3600.0, "desyncMitigationMode": "defensive", "dnsRecordClientRoutingPolicy": "any_availability_zone",
			"dropInvalidHeaderFields": false, "enableCrossZoneLoadBalancing": false, "enableDeletionProtection": false, "enableHttp2": true,
			"enableTlsVersionAndCipherSuiteHeaders": false, "enableWafFailOpen": false, "enableXffClientPort": false, "enableZonalShift": false,
			"idleTimeout": 60.0, "loadBalancerType": "application", "preserveHostHeader": false, "xffHeaderProcessingMode": "append",
		},
		lookup: &lookup{
			function: "aws:lb/getLoadBalancer:getLoadBalancer", what: "ELBv2 Load Balancer", words: balancingWords, none: balancingNone("ELBv2 Load Balancer"),
			arguments: map[string]string{"arn": "id", "name": "name"},
			show: func(_ simcloud.View, _ *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"connectionLogs": []any{}, "ipamPools": []any{}, "accessLogs": map[string]any{"bucket": "", "enabled": false, "prefix": ""}}
			},
		},
		Kind: simcloud.Kind{
			Token:    tokenLoadBalancer,
			Duration: 150 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) {
				return balancingARN(identity, "loadbalancer/net/"+identity.Inputs.Text("name")), ""
			},
			Replaces:      []string{"customerOwnedIpv4Pool", "internal", "loadBalancerType"},
			ReplacesIf:    balancerReplaced,
			KeptWhenUnset: []string{"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "internal", "ipAddressType", "securityGroups", "subnets", "subnetMappings"},
			Enums: map[string][]string{
				"loadBalancerType": {"application", "gateway", "network"}, "ipAddressType": {"ipv4", "dualstack", "dualstack-without-public-ipv4"},
				"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": {"on", "off"},
				"dnsRecordClientRoutingPolicy":                         {"availability_zone_affinity", "partial_availability_zone_affinity", "any_availability_zone"},
				"desyncMitigationMode":                                 {"monitor", "defensive", "strictest"},
				"xffHeaderProcessingMode":                              {"append", "preserve", "remove"},
			},
			References: []simcloud.Reference{
				{Path: "subnets[]", To: []string{tokenSubnet}},
				{Path: "subnetMappings[].subnetId", To: []string{tokenSubnet}},
				{Path: "subnetMappings[].allocationId", To: []string{tokenEip}},
				{Path: "securityGroups[]", To: []string{tokenSecurityGroup}},
			},
			Check: func(c *simcloud.Checker) {
				if c.Inputs.Has("subnets") && c.Inputs.Has("subnetMappings") {
					c.Fail("subnets", "Invalid combination of arguments: only one of 'subnets, subnetMappings' can be specified")
				}
			},
			Defaults: func(p simcloud.Properties) {
				p.Default("internal", false)
				p.Default("ipAddressType", "ipv4")
				if len(p.Texts("securityGroups")) > 0 {
					p.Default("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "on")
				}
			},
			Rules:   []simcloud.Rule{balancerIsNetwork, balancerNameFree, balancerPlaced, balancerAddresses, balancerGroups, balancerKeepsSubnets},
			Compute: computeBalancer,
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				switch {
				case t.Before.Properties.True("enableDeletionProtection"):
					return refuse("OperationNotPermitted", "Load balancer '%s' cannot be deleted because deletion protection is enabled", t.Before.ID)
				case len(usersOf(t.World, t.Before.ID, tokenEndpointService)) > 0:
					return refuse("ResourceInUse", "Load balancer '%s' cannot be deleted because it is currently associated with another service", t.Before.ID)
				}
				return nil
			}},
			Outputs: balancerOutputs,
		},
	}
}

// balancingARN makes up an ARN of load balancing.
func balancingARN(identity *simcloud.Identity, path string) string {
	return fmt.Sprintf("arn:aws:elasticloadbalancing:%s:%s:%s/%s", identity.Settings["region"], identity.Settings["accountId"], path, identity.Unique()[:16])
}

// balancerReplaced: the provider adds subnets in place, and replaces for any other change of them; it replaces when security
// groups come to a load balancer without any, or all go.
func balancerReplaced(before, after simcloud.Properties) []string {
	var replaced []string
	if known(after, "subnets") && size(before, "subnets") > 0 && size(after, "subnets") <= size(before, "subnets") {
		replaced = append(replaced, "subnets")
	}
	if was := size(before, "subnetMappings"); known(after, "subnetMappings") && was > 0 && (size(after, "subnetMappings") <= was || !keepsAll(before, after, "subnetMappings")) {
		replaced = append(replaced, "subnetMappings")
	}
	if known(after, "securityGroups") && (size(before, "securityGroups") == 0) != (size(after, "securityGroups") == 0) {
		replaced = append(replaced, "securityGroups")
	}
	return replaced
}

func size(p simcloud.Properties, name string) int {
	list, _ := p[name].([]any)
	return len(list)
}

func known(p simcloud.Properties, name string) bool { return !simcloud.HoldsUnknown(p[name]) }

func keepsAll(before, after simcloud.Properties, name string) bool {
	had, _ := before[name].([]any)
	has, _ := after[name].([]any)
	kept := ordered(has)
	return !slices.ContainsFunc(ordered(had), func(text string) bool { return !slices.Contains(kept, text) })
}

func balancerIsNetwork(t *simcloud.Transaction) error {
	if kind := t.After.Properties.Text("loadBalancerType"); kind != "network" {
		return limit("Load balancers are of type network: %s is %s.", t.After.Properties.Text("name"), kind)
	}
	return nil
}

func balancerNameFree(t *simcloud.Transaction) error {
	return nameFree(t, tokenLoadBalancer, "ELBv2 Load Balancer (%s) already exists")
}

// balancerAddresses: IPv6 needs a range in every subnet.
func balancerAddresses(t *simcloud.Transaction) error {
	switch t.After.Properties.Text("ipAddressType") {
	case "dualstack":
		for _, id := range subnetsOf(t.After) {
			if subnet, ok := t.World.Get(id); ok && !subnet.Properties.Has("ipv6CidrBlock") {
				return refuse("InvalidSubnet", "You must specify subnets with an associated IPv6 CIDR block: %s has none.", id)
			}
		}
	case "dualstack-without-public-ipv4":
		return refuse("InvalidConfigurationRequest", "The IP address type 'dualstack-without-public-ipv4' is for internet-facing Application Load Balancers.")
	}
	return nil
}

// nameFree is the provider's own look, before it asks AWS.
func nameFree(t *simcloud.Transaction, token, says string) error {
	name := t.After.Properties.Text("name")
	for _, other := range t.World.List(token) {
		if other.ID != t.After.ID && other.Properties.Text("name") == name && regionOf(other) == t.Settings["region"] {
			return fmt.Errorf(says, name)
		}
	}
	return nil
}

// subnetsOf are the subnets of a load balancer, by whichever input they are named.
func subnetsOf(balancer *simcloud.Resource) []string {
	subnets := balancer.Properties.Texts("subnets")
	for _, mapping := range balancer.Properties.Objects("subnetMappings") {
		if id := mapping.Text("subnetId"); !slices.Contains(subnets, id) {
			subnets = append(subnets, id)
		}
	}
	return subnets
}

// minFree is how many addresses a subnet must have left for a load balancer.
const minFree = 8

func balancerPlaced(t *simcloud.Transaction) error {
	subnets := subnetsOf(t.After)
	if len(subnets) == 0 {
		return refuse("ValidationError", "At least one subnet must be specified")
	}
	zones := map[string]bool{}
	network := vpcOf(t.World, subnets[0])
	for _, id := range subnets {
		subnet, _ := t.World.Get(id)
		if vpcOf(t.World, id) != network {
			return refuse("InvalidConfigurationRequest", "All subnets must belong to the same VPC: '%s'", network)
		}
		if zones[zoneOf(subnet)] {
			return refuse("InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in the same Availability Zone")
		}
		zones[zoneOf(subnet)] = true
		if t.Creating() && addresses.Free(cidrOf(subnet), addressesIn(t.World, id), minFree) < minFree {
			return refuse("InvalidSubnet", "Not enough IP space available in %s. ELB requires at least %d free IP addresses in each subnet.", id, minFree)
		}
	}
	if !t.After.Properties.True("internal") && gatewayOf(t.World, network) == nil {
		return refuse("InvalidSubnet", "VPC %s has no internet gateway", network)
	}
	return nil
}

func balancerGroups(t *simcloud.Transaction) error {
	groups := t.After.Properties.Texts("securityGroups")
	for _, id := range groups {
		if vpcOf(t.World, id) != vpcOf(t.World, subnetsOf(t.After)[0]) {
			return refuse("InvalidConfigurationRequest", "One or more security groups are invalid")
		}
	}
	if t.Before == nil {
		return nil
	}
	if had := len(t.Before.Properties.Texts("securityGroups")); (had == 0) != (len(groups) == 0) {
		return refuse("InvalidConfigurationRequest", "Security groups can neither be added to a Network Load Balancer that was created without any, nor all be removed: '%s'", t.After.ID)
	}
	return nil
}

func balancerKeepsSubnets(t *simcloud.Transaction) error {
	if t.Before == nil || len(usersOf(t.World, t.After.ID, tokenEndpointService)) == 0 {
		return nil
	}
	kept := subnetsOf(t.After)
	for _, id := range subnetsOf(t.Before) {
		if !slices.Contains(kept, id) {
			return refuse("InvalidConfigurationRequest", "Subnet %s cannot be removed: load balancer '%s' is associated with an endpoint service", id, t.After.ID)
		}
	}
	return nil
}

func computeBalancer(t *simcloud.Transaction) error {
	computed := t.After.Computed
	subnets := subnetsOf(t.After)
	list, _ := computed[holds].([]any)
	computed[holds] = slices.DeleteFunc(slices.Clone(list), func(item any) bool {
		return !slices.Contains(subnets, simcloud.Properties(item.(map[string]any)).Text("subnet"))
	})
	for _, id := range subnets {
		if len(addressesOf(t.After, id)) > 0 {
			continue
		}
		subnet, _ := t.World.Get(id)
		if _, err := take(t, subnet, nodeAddress(t.After, id)); err != nil {
			return err
		}
	}
	region := t.Settings["region"]
	suffix := t.After.ID[strings.Index(t.After.ID, ":loadbalancer/")+len(":loadbalancer/"):]
	computed["arn"], computed["arnSuffix"] = t.After.ID, suffix
	computed["dnsName"] = strings.ReplaceAll(strings.TrimPrefix(suffix, "net/"), "/", "-") + ".elb." + region + ".amazonaws.com"
	computed["zoneId"] = "Z" + strings.ToUpper(identifiers.Digest("hosted zone of network load balancers in " + region)[:13])
	computed["vpcId"] = vpcOf(t.World, subnets[0])
	return nil
}

// nodeAddress is the private address that a mapping asks for.
func nodeAddress(balancer *simcloud.Resource, subnet string) string {
	for _, mapping := range balancer.Properties.Objects("subnetMappings") {
		if mapping.Text("subnetId") == subnet {
			return mapping.Text("privateIpv4Address")
		}
	}
	return ""
}

// NodeAddresses are the private addresses of a load balancer's nodes, by the subnet each is in.
func NodeAddresses(balancer *simcloud.Resource) map[string]string {
	nodes := map[string]string{}
	for _, item := range balancer.Computed.Objects(holds) {
		nodes[item.Text("subnet")] = item.Text("address")
	}
	return nodes
}

func balancerOutputs(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
	mappings := []any{}
	for _, id := range subnetsOf(r) {
		mapping := map[string]any{"subnetId": id, "outpostId": ""}
		for _, given := range r.Properties.Objects("subnetMappings") {
			if given.Text("subnetId") == id && given.Has("allocationId") {
				mapping["allocationId"] = given["allocationId"]
			}
		}
		mappings = append(mappings, mapping)
	}
	shown := simcloud.Properties{"subnets": texts(subnetsOf(r)), "subnetMappings": mappings}
	if !r.Properties.Has("securityGroups") {
		shown["securityGroups"] = []any{}
	}
	return shown
}
