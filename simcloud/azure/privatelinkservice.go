package azure

import (
	"fmt"
	"slices"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenPrivateLinkService = "azure-native:network:PrivateLinkService"

func privateLinkService() armType {
	return armType{path: "Microsoft.Network/privateLinkServices/{serviceName}", names: networkNames, Kind: simcloud.Kind{
		Token:    tokenPrivateLinkService,
		Duration: 20 * time.Second,
		Enums: map[string][]string{
			"ipConfigurations[].privateIPAllocationMethod": {"Static", "Dynamic"},
			"ipConfigurations[].privateIPAddressVersion":   {"IPv4"},
		},
		References: []simcloud.Reference{
			{Path: "ipConfigurations[].subnet.id", To: []string{tokenSubnet}},
			{Path: "loadBalancerFrontendIpConfigurations[].id", To: []string{tokenLoadBalancer}},
		},
		Defaults: func(p simcloud.Properties) { p.Default("enableProxyProtocol", false) },
		Rules: []simcloud.Rule{
			named("ipConfigurations"), natAddressesPlaced, natAddressesKept, frontendsFit, frontendsKept, approvalWithinVisibility,
		},
		Compute: computePrivateLinkService,
		DeleteRules: []simcloud.Rule{
			func(t *simcloud.Transaction) error { return refuseConnected(t.Before) },
		},
		Outputs: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
			shown := r.Computed.Get(connections)
			if shown == nil {
				shown = []any{}
			}
			return simcloud.Properties{connections: shown}
		},
	}}
}

// maxNATAddresses is how many addresses a service may translate to.
const maxNATAddresses = 8

func natAddressesPlaced(t *simcloud.Transaction) error {
	configurations := t.After.Properties.Objects("ipConfigurations")
	if len(configurations) == 0 || len(configurations) > maxNATAddresses {
		return refuse(400, "PrivateLinkServiceIpConfigurationCount", "Private link service %s must have 1 to %d IP configurations, it has %d.", t.After.ID, maxNATAddresses, len(configurations))
	}
	primary := 0
	for _, c := range configurations {
		if c.True("primary") {
			primary++
		}
		subnet, ok := t.World.Get(c.Text("subnet.id"))
		if !ok {
			return refuse(400, "PrivateLinkServiceSubnetMissing", "IP configuration '%s' of private link service %s must name a subnet.", c.Text("name"), t.After.ID)
		}
		if subnet.Properties.Text("privateLinkServiceNetworkPolicies") != "Disabled" {
			return refuse(400, "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled", "Private link service %s cannot be created in a subnet %s since it has private link service network policies enabled.", t.After.ID, subnet.ID)
		}
		if err := sameRegion(t, subnet); err != nil {
			return err
		}
	}
	if primary > 1 {
		return refuse(400, "PrivateLinkServiceMultiplePrimaryIpConfigurations", "Private link service %s has %d primary IP configurations, it can have one.", t.After.ID, primary)
	}
	return nil
}

// natAddressesKept: addresses can be added to a service, not taken away.
func natAddressesKept(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	var names []string
	for _, c := range t.After.Properties.Objects("ipConfigurations") {
		names = append(names, c.Text("name"))
	}
	for _, c := range t.Before.Properties.Objects("ipConfigurations") {
		if !slices.Contains(names, c.Text("name")) {
			return refuse(400, "PrivateLinkServiceIpConfigurationCannotBeRemoved", "IP configuration '%s' cannot be removed from private link service %s.", c.Text("name"), t.After.ID)
		}
	}
	return nil
}

// maxServicesPerBalancer is how many private link services one load balancer carries.
const maxServicesPerBalancer = 8

func frontendsFit(t *simcloud.Transaction) error {
	frontends := t.After.Properties.Objects("loadBalancerFrontendIpConfigurations")
	if len(frontends) == 0 {
		return refuse(400, "PrivateLinkServiceMustReferenceFrontend", "Private link service %s must reference a load balancer frontend IP configuration.", t.After.ID)
	}
	for i, frontend := range frontends {
		id := frontend.Text("id")
		balancer, ok := t.World.Resolve(id)
		if !ok || !slices.ContainsFunc(partsIn("frontendIPConfigurations")(balancer), func(part string) bool { return t.World.Same(part, id) }) {
			return missing("", id, fmt.Sprintf("loadBalancerFrontendIpConfigurations[%d].id", i))
		}
		if balancer.Properties.Text("sku.name") != "Standard" {
			return refuse(400, "PrivateLinkServiceIsNotSupportedForBasicLoadBalancer", "Private link service %s needs a Standard load balancer: %s is %s.", t.After.ID, balancer.ID, balancer.Properties.Text("sku.name"))
		}
		if !isInternal(balancer) {
			return refuse(400, "PrivateLinkServiceNeedsInternalLoadBalancer", "Private link service %s needs a frontend with a private address: %s is public.", t.After.ID, id)
		}
		if err := sameRegion(t, balancer); err != nil {
			return err
		}
		if err := poolsOfInterfaces(t.After.ID, balancer); err != nil {
			return err
		}
		if err := roomForService(t, balancer); err != nil {
			return err
		}
	}
	return nil
}

// poolsOfInterfaces: a service works with pools of interfaces only, not of addresses.
func poolsOfInterfaces(service string, balancer *simcloud.Resource) error {
	for _, pool := range balancer.Properties.Objects("backendAddressPools") {
		for _, address := range pool.Objects("loadBalancerBackendAddresses") {
			if address.Has("ipAddress") {
				return refuse(400, "PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer", "Private link service %s is not supported for load balancer %s: its pool '%s' is made of IP addresses, not of network interfaces.", service, balancer.ID, pool.Text("name"))
			}
		}
	}
	return nil
}

func roomForService(t *simcloud.Transaction, balancer *simcloud.Resource) error {
	others := map[string]bool{}
	for _, user := range t.World.Referrers(balancer.ID) {
		if user.Resource.Type == tokenPrivateLinkService && !t.World.Same(user.Resource.ID, t.After.ID) {
			others[user.Resource.ID] = true
		}
	}
	if len(others) >= maxServicesPerBalancer {
		return refuse(400, "PrivateLinkServiceCountLimitReached", "Load balancer %s already carries %d private link services, the limit.", balancer.ID, maxServicesPerBalancer)
	}
	return nil
}

// frontendsKept: Azure does not move a service to another load balancer
// (learn.microsoft.com, "What is Azure Private Link service?", limitations; terraform-provider-azurerm 12249).
func frontendsKept(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	was, is := t.Before.Properties.Objects("loadBalancerFrontendIpConfigurations"), t.After.Properties.Objects("loadBalancerFrontendIpConfigurations")
	same := len(was) == len(is)
	for i := range min(len(was), len(is)) {
		same = same && t.World.Same(was[i].Text("id"), is[i].Text("id"))
	}
	if !same {
		return refuse(400, "PrivateLinkServiceLoadBalancerCannotBeChanged", "The load balancer frontend of private link service %s cannot be changed once it is created.", t.After.ID)
	}
	return nil
}

// everyone in a visibility list opens a service to whoever knows its alias.
const everyone = "*"

func approvalWithinVisibility(t *simcloud.Transaction) error {
	visible := t.After.Properties.Texts("visibility.subscriptions")
	for _, subscription := range t.After.Properties.Texts("autoApproval.subscriptions") {
		if !slices.Contains(visible, subscription) && !slices.Contains(visible, everyone) {
			return refuse(400, "PrivateLinkServiceAutoApprovalNotSubsetOfVisibility", "Subscription %s in autoApproval of private link service %s is not in its visibility: auto-approval must be a subset of visibility.", subscription, t.After.ID)
		}
	}
	return nil
}

func computePrivateLinkService(t *simcloud.Transaction) error {
	if t.Creating() {
		t.After.Computed["alias"] = fmt.Sprintf("%s.%s.%s.azure.privatelinkservice", nameOf(t.After.ID), identifiers.GUID(t.Unique("alias")), regionOf(t.World, t.After))
	}
	onePrimary(t.After.Properties.Objects("ipConfigurations"))
	return assignAddresses(t, "ipConfigurations")
}

func refuseConnected(service *simcloud.Resource) error {
	if connections := service.Computed.Objects(connections); len(connections) > 0 {
		return refuse(400, "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted", "Private link service %s has %d private endpoint connections (%s) and cannot be deleted. Remove the connections first.", service.ID, len(connections), connections[0].Text("name"))
	}
	return nil
}
