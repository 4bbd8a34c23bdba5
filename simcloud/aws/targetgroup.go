package aws

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenTargetGroup = "aws:lb/targetGroup:TargetGroup"

// networkProtocols are those of network load balancers and their target groups.
var networkProtocols = []string{"TCP", "TLS", "UDP", "TCP_UDP"}

func targetGroup() awsType {
	return awsType{
		service: "ELBv2", noun: "Target Group", modifies: "ModifyTargetGroup",
		name: &naming{input: "name", max: 32, rules: balancingNames},
		inputDefaults: simcloud.Properties{
			"deregistrationDelay": 300.0, "lambdaMultiValueHeadersEnabled": false, "proxyProtocolV2": false, "slowStart": 0.0, "targetType": "instance",
		},
		lookup: &lookup{
			function: "aws:lb/getTargetGroup:getTargetGroup", what: "ELBv2 Target Group", words: balancingWords, none: balancingNone("ELBv2 Target Group"),
			arguments: map[string]string{"arn": "id", "name": "name"}, ignores: []string{"loadBalancingAnomalyMitigation"},
			show: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				check := r.Properties.Object("healthCheck").Clone()
				for _, name := range []string{"matcher", "path"} {
					check.Default(name, "")
				}
				return simcloud.Properties{
					"deregistrationDelay": strconv.Itoa(int(r.Properties.Number("deregistrationDelay"))), "healthCheck": map[string]any(check),
					"stickiness": map[string]any{"cookieDuration": 0.0, "cookieName": "", "enabled": r.Properties.True("stickiness.enabled"), "type": "source_ip"},
				}
			},
		},
		Kind: simcloud.Kind{
			Token:    tokenTargetGroup,
			Duration: 3 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) {
				return balancingARN(identity, "targetgroup/"+identity.Inputs.Text("name")), ""
			},
			Replaces: []string{"ipAddressType", "port", "protocol", "protocolVersion", "targetType", "vpcId"},
			KeptWhenUnset: []string{
				"connectionTermination", "healthCheck", "ipAddressType", "loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation", "loadBalancingCrossZoneEnabled",
				"preserveClientIp", "protocolVersion", "stickiness", "targetFailovers", "targetGroupHealth", "targetHealthStates",
			},
			Enums: map[string][]string{
				"protocol": {"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"}, "targetType": {"instance", "ip", "lambda", "alb"}, "ipAddressType": {"ipv4", "ipv6"},
				"healthCheck.protocol":          {"TCP", "HTTP", "HTTPS"},
				"loadBalancingCrossZoneEnabled": {"true", "false", "use_load_balancer_configuration"},
				"preserveClientIp":              {"true", "false"},
			},
			Ranges: map[string]simcloud.Range{
				"port": {Min: 1, Max: 65535}, "deregistrationDelay": {Min: 0, Max: 3600},
				"healthCheck.interval": {Min: 5, Max: 300}, "healthCheck.timeout": {Min: 2, Max: 120},
				"healthCheck.healthyThreshold": {Min: 2, Max: 10}, "healthCheck.unhealthyThreshold": {Min: 2, Max: 10},
				"targetHealthStates[].unhealthyDrainingInterval":                     {Min: 0, Max: 360000},
				"targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": {Min: 1, Max: 1000},
			},
			References: []simcloud.Reference{{Path: "vpcId", To: []string{tokenVpc}}},
			Check:      checkTargetGroup,
			Defaults:   targetGroupDefaults,
			Rules:      []simcloud.Rule{groupIsNetwork, targetGroupNameFree, healthChecked},
			Compute: func(t *simcloud.Transaction) error {
				t.After.Computed["arn"] = t.After.ID
				t.After.Computed["arnSuffix"] = t.After.ID[strings.Index(t.After.ID, ":targetgroup/")+1:]
				return nil
			},
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				if len(usersOf(t.World, t.Before.ID, tokenListener)) > 0 {
					return refuse("ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", t.Before.ID)
				}
				return nil
			}},
			Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"loadBalancerArns": texts(balancersOf(view, r.ID))}
			},
		},
	}
}

// checkTargetGroup is Terraform's look at target groups.
func checkTargetGroup(c *simcloud.Checker) {
	if c.Inputs.Text("targetType") != "lambda" {
		for _, name := range []string{"port", "protocol", "vpcId"} {
			if !c.Inputs.Has(name) {
				c.Fail(name, "Attribute '%s' must be specified when 'targetType' is %q", name, c.Inputs.Text("targetType"))
			}
		}
	}
	for path, highest := range map[string]int{
		"targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": 1000, "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": 100,
		"targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": 100,
	} {
		c.Each(path, func(path string, value any) {
			text, _ := value.(string)
			if number, err := strconv.Atoi(text); text != "off" && (err != nil || number < 1 || number > highest) {
				c.Fail(path, "'%s' is %q: must be off, or a number from 1 to %d", path, text, highest)
			}
		})
	}
	if c.Inputs.Text("healthCheck.protocol") == "TCP" {
		for _, name := range []string{"path", "matcher"} {
			if c.Inputs.Has("healthCheck." + name) {
				c.Fail("healthCheck."+name, "Attribute 'healthCheck.%s' cannot be specified when 'healthCheck.protocol' is \"TCP\"", name)
			}
		}
	}
}

func targetGroupDefaults(p simcloud.Properties) {
	p.Default("ipAddressType", "ipv4")
	p.Default("connectionTermination", false)
	p.Default("loadBalancingCrossZoneEnabled", "use_load_balancer_configuration")
	byClient := p.Text("targetType") != "ip" || strings.Contains(p.Text("protocol"), "UDP")
	p.Default("preserveClientIp", strconv.FormatBool(byClient))
	p.Default("healthCheck.enabled", true)
	p.Default("healthCheck.protocol", "TCP")
	p.Default("healthCheck.port", "traffic-port")
	p.Default("healthCheck.interval", 30.0)
	p.Default("healthCheck.healthyThreshold", 3.0)
	p.Default("healthCheck.unhealthyThreshold", 3.0)
	p.Default("healthCheck.timeout", map[bool]float64{true: 10, false: 6}[p.Text("healthCheck.protocol") != "HTTP"])
	count := "1"
	if p.Has("targetGroupHealth.dnsFailover") { // the provider's own default within its block; without one, AWS's
		count = "off"
	}
	p.Default("targetGroupHealth.dnsFailover.minimumHealthyTargetsCount", count)
	p.Default("targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage", "off")
	p.Default("targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount", 1.0)
	p.Default("targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage", "off")
}

func groupIsNetwork(t *simcloud.Transaction) error {
	p := t.After.Properties
	if kind := p.Text("targetType"); kind != "instance" && kind != "ip" || !slices.Contains(networkProtocols, p.Text("protocol")) {
		return limit("Target groups are those of network load balancers, with targets of type instance or ip: %s has %s and %s.", p.Text("name"), p.Text("protocol"), kind)
	}
	if p.Number("slowStart") != 0 {
		return refuse("InvalidConfigurationRequest", "Target group attribute key 'slow_start.duration_seconds' is not supported on target groups with protocol '%s'", p.Text("protocol"))
	}
	return nil
}

func targetGroupNameFree(t *simcloud.Transaction) error {
	return nameFree(t, tokenTargetGroup, "ELBv2 Target Group (%s) already exists")
}

func healthChecked(t *simcloud.Transaction) error {
	check := t.After.Properties.Object("healthCheck")
	switch port, err := strconv.Atoi(check.Text("port")); {
	case check.Text("port") != "traffic-port" && (err != nil || port < 1 || port > 65535):
		return refuse("ValidationError", "Health check port '%s' must be 'traffic-port' or a number from 1 to 65535", check.Text("port"))
	case !check.True("enabled"):
		return refuse("InvalidConfigurationRequest", "Health check enabled must be true for target groups with target type '%s'", t.After.Properties.Text("targetType"))
	case check.Number("timeout") > check.Number("interval"):
		return refuse("ValidationError", "Health check timeout '%v' must be smaller than or equal to the interval '%v'", check.Number("timeout"), check.Number("interval"))
	}
	return nil
}

// balancersOf are the load balancers whose listeners send to a target group.
func balancersOf(view simcloud.View, group string) []string {
	var balancers []string
	for _, user := range usersOf(view, group, tokenListener) {
		if balancer := user.Properties.Text("loadBalancerArn"); !slices.Contains(balancers, balancer) {
			balancers = append(balancers, balancer)
		}
	}
	return balancers
}
