package aws

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenListener = "aws:lb/listener:Listener"

// maxListeners is what AWS allows on a network load balancer, and does not raise.
const maxListeners = 50

func listener() awsType {
	return awsType{
		service: "ELBv2", noun: "Listener", modifies: "ModifyListener",
		lookup: &lookup{
			function: "aws:lb/getListener:getListener", what: "ELBv2 Listener", ignores: []string{"tags"},
			arguments: map[string]string{"arn": "id", "loadBalancerArn": "loadBalancerArn", "port": "port"},
			show: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				actions := []any{}
				for _, action := range r.Properties.Objects("defaultActions") {
					actions = append(actions, map[string]any{"type": action.Text("type"), "targetGroupArn": action.Text("targetGroupArn"), "order": max(action.Number("order"), 1),
						"authenticateCognitos": []any{}, "authenticateOidcs": []any{}, "fixedResponses": []any{}, "forwards": []any{}, "redirects": []any{}})
				}
				return simcloud.Properties{"defaultActions": actions, "mutualAuthentications": []any{}}
			},
		},
		Kind: simcloud.Kind{
			Token:    tokenListener,
			Duration: 3 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) {
				balancer := identity.Inputs.Text("loadBalancerArn")
				return strings.Replace(balancer, ":loadbalancer/", ":listener/", 1) + "/" + identity.Unique()[:16], balancer
			},
			Required:      []string{"defaultActions", "defaultActions[].fixedResponse.contentType", "defaultActions[].forward.targetGroups"},
			Replaces:      []string{"loadBalancerArn"},
			KeptWhenUnset: []string{"protocol", "sslPolicy", "tcpIdleTimeoutSeconds", "mutualAuthentication"},
			Enums: map[string][]string{
				"protocol":              {"GENEVE", "HTTP", "HTTPS", "TCP", "TCP_UDP", "TLS", "UDP"},
				"defaultActions[].type": {"forward", "authenticate-oidc", "authenticate-cognito", "redirect", "fixed-response"},
			},
			Ranges: map[string]simcloud.Range{
				"port": {Min: 1, Max: 65535}, "tcpIdleTimeoutSeconds": {Min: 60, Max: 6000}, "defaultActions[].order": {Min: 1, Max: 50000},
			},
			References: []simcloud.Reference{
				{Path: "loadBalancerArn", To: []string{tokenLoadBalancer}},
				{Path: "defaultActions[].targetGroupArn", To: []string{tokenTargetGroup}},
				{Path: "defaultActions[].forward.targetGroups[].arn", To: []string{tokenTargetGroup}},
			},
			Rules: []simcloud.Rule{listensAlone, forwards, groupsFit, func(t *simcloud.Transaction) error {
				t.Put(t.After) // so that its targets are counted
				return zonesFew(t.World, t.After.Properties.Text("loadBalancerArn"))
			}},
			Compute: func(t *simcloud.Transaction) error {
				t.After.Computed["arn"] = t.After.ID
				if t.After.Properties.Text("protocol") == "TCP" {
					t.After.Properties.Default("tcpIdleTimeoutSeconds", 350.0)
				}
				return nil
			},
		},
	}
}

// transports are the protocols of packets that a listener's protocol takes.
func transports(protocol string) []string {
	switch protocol {
	case "TCP_UDP":
		return []string{"TCP", "UDP"}
	case "UDP":
		return []string{"UDP"}
	}
	return []string{"TCP"}
}

func listensAlone(t *simcloud.Transaction) error {
	p := t.After.Properties
	balancer := p.Text("loadBalancerArn")
	count := 0
	for _, other := range usersOf(t.World, balancer, tokenListener) {
		if other.ID == t.After.ID {
			continue
		}
		count++
		if other.Properties.Number("port") == p.Number("port") && slices.ContainsFunc(transports(p.Text("protocol")), func(transport string) bool {
			return slices.Contains(transports(other.Properties.Text("protocol")), transport)
		}) {
			if !t.Creating() {
				return refuse("ValidationError", "Listener port '%v' is already in use", p.Number("port"))
			}
			return refuse("DuplicateListener", "A listener already exists on this port for this load balancer '%s'", balancer)
		}
	}
	if count >= maxListeners {
		return refuse("TooManyListeners", "The maximum number of listeners on load balancer '%s' has been reached: %d", balancer, maxListeners)
	}
	return nil
}

func forwards(t *simcloud.Transaction) error {
	p := t.After.Properties
	if !slices.Contains(networkProtocols, p.Text("protocol")) {
		return refuse("ValidationError", "Protocol '%s' must be one of '%s' for a network load balancer", p.Text("protocol"), strings.Join(networkProtocols, ", "))
	}
	if !p.Has("port") {
		return refuse("ValidationError", "A listener port must be specified")
	}
	if p.Has("tcpIdleTimeoutSeconds") && p.Text("protocol") != "TCP" {
		return refuse("InvalidConfigurationRequest", "Listener attribute key 'tcp.idle_timeout.seconds' is not supported on listeners with protocol '%s'", p.Text("protocol"))
	}
	actions := p.Objects("defaultActions")
	if len(actions) != 1 || actions[0].Text("type") != "forward" || len(groupsBehind(t.After)) != 1 {
		return refuse("InvalidLoadBalancerAction", "A listener of a network load balancer has one default action, which forwards to exactly one target group")
	}
	return nil
}

// groupsBehind are the target groups that a listener forwards to.
func groupsBehind(listener *simcloud.Resource) []string {
	var groups []string
	add := func(group string) {
		if group != "" && !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	for _, action := range listener.Properties.Objects("defaultActions") {
		add(action.Text("targetGroupArn"))
		for _, group := range action.Objects("forward.targetGroups") {
			add(group.Text("arn"))
		}
	}
	return groups
}

func groupsFit(t *simcloud.Transaction) error {
	p := t.After.Properties
	balancer, _ := t.World.Get(p.Text("loadBalancerArn"))
	for _, id := range groupsBehind(t.After) {
		group, _ := t.World.Get(id)
		theirs := group.Properties.Text("protocol")
		switch {
		case group.Properties.Text("vpcId") != balancer.Computed.Text("vpcId"):
			return refuse("InvalidConfigurationRequest", "The following target groups are in another VPC than load balancer '%s': '%s'", balancer.ID, id)
		case theirs != p.Text("protocol") && (p.Text("protocol") != "TLS" || theirs != "TCP"):
			return refuse("InvalidConfigurationRequest", "Listener protocol '%s' is not supported with a target group with the protocol of '%s'", p.Text("protocol"), theirs)
		}
		for _, other := range balancersOf(t.World, id) {
			if other != balancer.ID {
				return refuse("TargetGroupAssociationLimit", "The following target groups cannot be associated with more than one load balancer: %s", id)
			}
		}
	}
	return nil
}

// balancingWords are what the data sources of load balancers and target groups say of what they have looked for among all.
var balancingWords = words{
	none: func(string) string { return "Search returned 0 results, please revise so only one is returned" },
	many: func(_ string, count int) string {
		return fmt.Sprintf("Search returned %d results, please revise so only one is returned", count)
	},
}

// balancingNone is what they say of none: where Elastic Load Balancing was asked for one by name, that it does not know it.
func balancingNone(what string) func(simcloud.View, simcloud.Properties) string {
	return func(_ simcloud.View, arguments simcloud.Properties) string {
		if arguments.Has("name") || arguments.Has("arn") {
			return fmt.Sprintf("reading %ss: couldn't find resource", what)
		}
		return balancingWords.none(what)
	}
}
