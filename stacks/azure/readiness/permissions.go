package readiness

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// kinds are the types of Azure Resource Manager behind type tokens.
var kinds = map[string]string{
	"azure-native:compute:Disk":                                     "Microsoft.Compute/disks",
	"azure-native:compute:VirtualMachine":                           "Microsoft.Compute/virtualMachines",
	"azure-native:compute:VirtualMachineRunCommandByVirtualMachine": "Microsoft.Compute/virtualMachines/runCommands",
	"azure-native:network:BastionHost":                              "Microsoft.Network/bastionHosts",
	"azure-native:network:LoadBalancer":                             "Microsoft.Network/loadBalancers",
	"azure-native:network:NatGateway":                               "Microsoft.Network/natGateways",
	"azure-native:network:NetworkInterface":                         "Microsoft.Network/networkInterfaces",
	"azure-native:network:NetworkSecurityGroup":                     "Microsoft.Network/networkSecurityGroups",
	"azure-native:network:PrivateLinkService":                       "Microsoft.Network/privateLinkServices",
	"azure-native:network:PublicIPAddress":                          "Microsoft.Network/publicIPAddresses",
	"azure-native:network:Subnet":                                   "Microsoft.Network/virtualNetworks/subnets",
	"azure-native:network:VirtualNetwork":                           "Microsoft.Network/virtualNetworks",
	"azure-native:resources:ResourceGroup":                          "Microsoft.Resources/subscriptions/resourceGroups",
}

// joins are the actions that naming a resource of one kind in another asks for, by what the other is.
var joins = map[string][]string{
	"Microsoft.Compute/virtualMachines":         {"Microsoft.Network/networkInterfaces/join/action"},
	"Microsoft.Network/bastionHosts":            {subnetJoin, addressJoin},
	"Microsoft.Network/loadBalancers":           {subnetJoin},
	"Microsoft.Network/natGateways":             {addressJoin},
	"Microsoft.Network/networkInterfaces":       {subnetJoin, groupJoin, "Microsoft.Network/loadBalancers/backendAddressPools/join/action"},
	"Microsoft.Network/privateLinkServices":     {subnetJoin, "Microsoft.Network/loadBalancers/frontendIPConfigurations/join/action"},
	"Microsoft.Network/virtualNetworks/subnets": {groupJoin, "Microsoft.Network/natGateways/join/action"},
}

const (
	subnetJoin  = "Microsoft.Network/virtualNetworks/subnets/join/action"
	addressJoin = "Microsoft.Network/publicIPAddresses/join/action"
	groupJoin   = "Microsoft.Network/networkSecurityGroups/join/action"
)

// namespaces are the resource providers of a plan, in order.
func namespaces(planned []Planned) []string {
	found := map[string]bool{}
	for _, p := range planned {
		if namespace, _, ok := strings.Cut(kinds[p.Token], "/"); ok && namespace != "Microsoft.Resources" {
			found[namespace] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// permissions compares what the credentials may do with what the plan takes, for each scope that the plan touches.
func (c *client) permissions(ctx context.Context, planned []Planned) []Check {
	var checks []Check
	needed := c.needed(planned)
	for _, scope := range slices.Sorted(maps.Keys(needed)) {
		subject := "permissions on " + strings.TrimPrefix(scope, c.Scope()+"/")
		if scope == c.Scope() {
			subject = "permissions on the subscription"
		}
		roles, err := resourcemanager.All[role](ctx, c.Client, scope+"/providers/Microsoft.Authorization/permissions", resourcemanager.Of("2022-04-01"))
		switch {
		case resourcemanager.Absent(err):
			checks = append(checks, Check{
				Subject: subject, Missing: true, Detail: scope + " does not exist, or may not be read",
				Next: "correct its name in the configuration, or make it",
			})
			continue
		case err != nil:
			checks = append(checks, unknown(subject, err))
			continue
		}
		var lacking []string
		for _, action := range slices.Sorted(maps.Keys(needed[scope])) {
			if !slices.ContainsFunc(roles, func(r role) bool { return r.allows(action) }) {
				lacking = append(lacking, action)
			}
		}
		checks = append(checks, examination.Judge(subject, examination.Lacking(lacking), fmt.Sprintf("%d actions granted", len(needed[scope])),
			"have a role assigned that holds them, such as Contributor: az role assignment create --role Contributor "+
				"--assignee WHO --scope "+scope))
	}
	return checks
}

// needed are the actions that the plan takes, by scope: the resource group, or the subscription where the group is
// planned, and whatever exists elsewhere and is named in the plan, like a subnet.
func (c *client) needed(planned []Planned) map[string]map[string]bool {
	needed := map[string]map[string]bool{}
	need := func(scope string, actions ...string) {
		if needed[scope] == nil {
			needed[scope] = map[string]bool{}
		}
		for _, action := range actions {
			needed[scope][action] = true
		}
	}
	for _, p := range planned {
		kind, known := kinds[p.Token]
		if !known {
			continue
		}
		group := examination.Text(p.Inputs, "resourceGroupName")
		own := c.Scope() + "/resourceGroups/" + group
		scope := own
		if group == "" || plansGroup(planned, group) {
			scope = c.Scope()
		}
		need(scope, kind+"/read", kind+"/write", kind+"/delete")
		joined := slices.Clone(joins[kind])
		for _, id := range ids(p.Inputs) {
			action := joinOf(id)
			at := slices.IndexFunc(joins[kind], func(a string) bool { return strings.EqualFold(a, action) })
			if at < 0 || under(id, own) {
				continue
			}
			need(id, joins[kind][at])
			joined = slices.DeleteFunc(joined, func(a string) bool { return a == joins[kind][at] })
		}
		need(scope, joined...)
	}
	return needed
}

// plansGroup tells whether the plan makes a resource group.
func plansGroup(planned []Planned, name string) bool {
	return slices.ContainsFunc(planned, func(p Planned) bool {
		return kinds[p.Token] == "Microsoft.Resources/subscriptions/resourceGroups" && p.Was == nil &&
			strings.EqualFold(examination.Text(p.Inputs, "resourceGroupName"), name)
	})
}

var resourceID = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/([^/]+)/(.+)$`)

// joinOf is the action that naming a resource by its id takes.
func joinOf(id string) string {
	m := resourceID.FindStringSubmatch(id)
	if m == nil {
		return ""
	}
	kind := m[1]
	for i, part := range strings.Split(m[2], "/") {
		if i%2 == 0 {
			kind += "/" + part
		}
	}
	return kind + "/join/action"
}

func under(id, scope string) bool {
	return strings.HasPrefix(strings.ToLower(id), strings.ToLower(scope)+"/")
}

// ids are the resource ids anywhere in a value.
func ids(value any) []string {
	var found []string
	switch value := value.(type) {
	case string:
		if resourceID.MatchString(value) {
			found = append(found, value)
		}
	case []any:
		for _, item := range value {
			found = append(found, ids(item)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			found = append(found, ids(value[key])...)
		}
	}
	return found
}

// role is what one assignment lets the credentials do.
type role struct {
	Actions    []string `json:"actions"`
	NotActions []string `json:"notActions"`
}

// allows tells whether the role has an action: what it grants less what it takes out. Other roles may still grant it.
func (r role) allows(action string) bool {
	matches := func(pattern string) bool { return matches(pattern, action) }
	return slices.ContainsFunc(r.Actions, matches) && !slices.ContainsFunc(r.NotActions, matches)
}

// matches tells whether an action is of a pattern, in which a star is for any text.
func matches(pattern, action string) bool {
	parts := strings.Split(strings.ToLower(pattern), "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	found, err := regexp.MatchString("^"+strings.Join(parts, ".*")+"$", strings.ToLower(action))
	return err == nil && found
}
