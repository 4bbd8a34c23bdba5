//go:build linux

package rehearse

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/lab/azure"
	"github.com/kafkalink/kafkalink/simcloud"
	simulated "github.com/kafkalink/kafkalink/simcloud/azure"
)

// Azure is what a rehearsal must know of Azure.
func Azure() Cloud {
	return Cloud{
		Name: "azure", Serve: simulated.Cloud, Read: azure.Read, Existing: existingInAzure,
		Consumer: consumerOfAzure, Approve: approveAll,
		Connect: func(world *simcloud.World, service, endpoint string, account consumerAccount) error {
			_, err := simulated.Connect(world, service, simulated.Endpoint{Name: endpoint, Subscription: account.id})
			return err
		},
		Hazards:    func(view simcloud.View) []string { return azure.Hazards(view, host.Settle()) },
		Called:     func(r *simcloud.Resource) string { return lastOf(r.ID) },
		OtherImage: otherImageOfAzure,
		OtherText:  otherTextOfAzure,
		Mutable:    mutableOfAzure,
		Break: Breakage{
			FilterRule: dropAdmissionInAzure, BalancerRule: dropBalancerRule, SwapRules: swapBalancerRules,
			Approval: func(world *simcloud.World, service string) (string, error) {
				for _, c := range simulated.Connections(world, service) {
					if err := simulated.Withhold(world, service, c.Name); err != nil {
						return "", err
					}
				}
				return "the private endpoint waits for approval", nil
			},
		},
	}
}

// lastOf is the last part of an id: a resource's name.
func lastOf(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// somebody is the subscription of a consumer whom the service does not name.
const somebody = "11111111-1111-1111-1111-111111111111"

// consumerOfAzure is a subscription that a service approves by itself, or else sees.
func consumerOfAzure(view simcloud.View, service string, _ automation.Configuration) (consumerAccount, error) {
	r, ok := view.Get(service)
	if !ok {
		return consumerAccount{}, fmt.Errorf("private link service %s does not exist", service)
	}
	candidates := append(r.Properties.Texts("autoApproval.subscriptions"), r.Properties.Texts("visibility.subscriptions")...)
	if len(candidates) == 0 {
		return consumerAccount{}, fmt.Errorf("private link service %s is visible to nobody", service)
	}
	if candidates[0] == "*" {
		return consumerAccount{id: somebody}, nil
	}
	return consumerAccount{id: candidates[0]}, nil
}

// approveAll approves the connections that wait at a service.
func approveAll(world *simcloud.World, service string) {
	for _, c := range simulated.Connections(world, service) {
		if c.State == simulated.Pending {
			_ = simulated.Approve(world, service, c.Name) // it is there
		}
	}
}

const (
	azureSecurityRule     = "azure-native:network:SecurityRule"
	azureLoadBalancer     = "azure-native:network:LoadBalancer"
	azureSubnet           = "azure-native:network:Subnet"
	azureLinkService      = "azure-native:network:PrivateLinkService"
	azureNetworkInterface = "azure-native:network:NetworkInterface"
	azureMachine          = "azure-native:compute:VirtualMachine"
)

// mutableOfAzure are the resources that make up the way to a broker: all rules and subnets, and one of what is alike.
func mutableOfAzure(view simcloud.View) []*simcloud.Resource {
	chosen := slices.Concat(view.List(azureSecurityRule), view.List(azureSubnet))
	return append(chosen, oneOfEach(view, azureLoadBalancer, azureLinkService, azureNetworkInterface, azureMachine)...)
}

// otherTextOfAzure: a rule's addresses may be service tags, and its ports are texts.
func otherTextOfAzure(pattern string) string {
	switch {
	case strings.Contains(strings.ToLower(pattern), "addressprefix"):
		return otherRange
	case strings.Contains(pattern, "PortRange"):
		return "1024"
	case strings.Contains(pattern, "subscriptions"):
		return somebody
	}
	return ""
}

// balancersOfAzure are the ids of a Private Link Service's load balancers.
func balancersOfAzure(service simcloud.Properties) (ids []string) {
	for _, frontend := range service.Objects("loadBalancerFrontendIpConfigurations") {
		id, _, _ := strings.Cut(frontend.Text("id"), "/frontendIPConfigurations/")
		ids = append(ids, id)
	}
	return ids
}

// dropAdmissionInAzure removes the rule that admits a service's consumers: to the ports that its load balancers send to, and who
// are none of the nodes and not the probes.
func dropAdmissionInAzure(world *simcloud.World, service string) (string, error) {
	var ports []string
	for _, balancer := range balancersBehind(world, service, balancersOfAzure) {
		for _, rule := range balancer.Properties.Objects("loadBalancingRules") {
			ports = append(ports, fmt.Sprint(rule.Get("backendPort")))
		}
	}
	for _, rule := range world.List(azureSecurityRule) {
		p := rule.Properties
		leads := slices.ContainsFunc(p.Texts("destinationPortRanges"), func(port string) bool { return slices.Contains(ports, port) })
		if leads && p.Text("access") == "Allow" && p.Text("direction") == "Inbound" && !p.Has("sourceAddressPrefixes") &&
			p.Text("sourceAddressPrefix") != "AzureLoadBalancer" {
			world.Delete(rule.ID)
			return fmt.Sprintf("rule %q of network security group %q is gone", lastOf(rule.ID), lastOf(rule.Parent)), nil
		}
	}
	return "", errors.New("no network security group has a rule that admits consumers")
}

func remove(r *simcloud.Resource, list string, i int) {
	items, _ := r.Properties[list].([]any)
	r.Properties[list] = slices.Delete(slices.Clone(items), i, i+1)
}

// ruleFor finds the rule of a service's load balancer for an endpoint port.
func ruleFor(world *simcloud.World, service string, port int) (balancer *simcloud.Resource, index int, err error) {
	for _, r := range balancersBehind(world, service, balancersOfAzure) {
		for i, rule := range r.Properties.Objects("loadBalancingRules") {
			if int(rule.Number("frontendPort")) == port {
				return r, i, nil
			}
		}
	}
	return nil, 0, fmt.Errorf("no load balancer of the service has a rule for port %d", port)
}

func dropBalancerRule(world *simcloud.World, service string, port int) (string, error) {
	r, i, err := ruleFor(world, service, port)
	if err != nil {
		return "", err
	}
	name := r.Properties.Objects("loadBalancingRules")[i].Text("name")
	world.Change(r.ID, func(r *simcloud.Resource) { remove(r, "loadBalancingRules", i) })
	return fmt.Sprintf("rule %q of load balancer %q is gone", name, lastOf(r.ID)), nil
}

func swapBalancerRules(world *simcloud.World, service string, one, other int) (string, error) {
	r, i, err := ruleFor(world, service, one)
	if err != nil {
		return "", err
	}
	same, j, err := ruleFor(world, service, other)
	if err != nil || !world.Same(r.ID, same.ID) {
		return "", fmt.Errorf("ports %d and %d are not of one load balancer: %w", one, other, err)
	}
	world.Change(r.ID, func(r *simcloud.Resource) {
		rules := r.Properties.Objects("loadBalancingRules")
		rules[i]["frontendPort"], rules[j]["frontendPort"] = rules[j]["frontendPort"], rules[i]["frontendPort"]
	})
	return fmt.Sprintf("ports %d and %d of load balancer %q are swapped", one, other, lastOf(r.ID)), nil
}

// otherImageOfAzure names the next version of the image that the machines have, which replaces every one of them.
func otherImageOfAzure(view simcloud.View, config automation.Configuration) error {
	machines := view.List(azureMachine)
	if len(machines) == 0 {
		return errors.New("there is no machine")
	}
	image := machines[0].Properties.Object("storageProfile.imageReference")
	version := simulated.ImageVersion(machines[0])
	dot := strings.LastIndex(version, ".") + 1
	number, err := strconv.ParseUint(version[dot:], 10, 64)
	if err != nil {
		return fmt.Errorf("the image version %q of %s does not end in a number", version, lastOf(machines[0].ID))
	}
	next := fmt.Sprintf("%s%d", version[:dot], number+1)
	setting(config, "kafkalink:machines", "image",
		strings.Join([]string{image.Text("publisher"), image.Text("offer"), image.Text("sku"), next}, ":"))
	return nil
}
