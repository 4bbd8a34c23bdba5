package azure_test

import (
	"fmt"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// serviceRefusals are refusals of private link services.
func serviceRefusals() map[string]situation {
	return map[string]situation{
		"a service in a subnet with policies": {
			create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "ipConfigurations", list{Map{"name": "nat", "subnet": subnetID("brokers")}})),
			refusal(400, "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled", "Private link service ~Microsoft.Network/privateLinkServices/x cannot be created in a subnet ~Microsoft.Network/virtualNetworks/vnet/subnets/brokers since it has private link service network policies enabled."),
		},
		"a service with nine addresses": {
			create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "ipConfigurations", addresses(9))),
			refusal(400, "PrivateLinkServiceIpConfigurationCount", "Private link service ~Microsoft.Network/privateLinkServices/x must have 1 to 8 IP configurations, it has 9."),
		},
		"a service with an address nowhere": {
			create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "ipConfigurations", list{Map{"name": "nat"}})),
			refusal(400, "PrivateLinkServiceSubnetMissing", "IP configuration 'nat' of private link service ~Microsoft.Network/privateLinkServices/x must name a subnet."),
		},
		"a service with two primary addresses": {
			create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "ipConfigurations", list{
				Map{"name": "a", "primary": true, "subnet": subnetID("pls")}, Map{"name": "b", "primary": true, "subnet": subnetID("pls")}})),
			refusal(400, "PrivateLinkServiceMultiplePrimaryIpConfigurations", "Private link service ~Microsoft.Network/privateLinkServices/x has 2 primary IP configurations, it can have one."),
		},
		"a service that loses an address": {
			update("service", with(service(), "ipConfigurations", list{Map{"name": "other", "subnet": subnetID("pls")}})),
			refusal(400, "PrivateLinkServiceIpConfigurationCannotBeRemoved", "IP configuration 'nat' cannot be removed from private link service ~Microsoft.Network/privateLinkServices/service."),
		},
		"a service without a balancer": {
			create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "loadBalancerFrontendIpConfigurations", list{})),
			refusal(400, "PrivateLinkServiceMustReferenceFrontend", "Private link service ~Microsoft.Network/privateLinkServices/x must reference a load balancer frontend IP configuration."),
		},
		"a service on a pool": {
			create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "loadBalancerFrontendIpConfigurations", list{part("backendAddressPools", "pool1")})),
			refusal(400, "InvalidResourceReference", "Resource ~Microsoft.Network/loadBalancers/lb/backendAddressPools/pool1 referenced by 'loadBalancerFrontendIpConfigurations[0].id' was not found. Please make sure that the referenced resource exists, and that both resources are in the same region."),
		},
		"a service on a Basic balancer": {
			after(create("LoadBalancer", "basic", basicBalancer()), create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "loadBalancerFrontendIpConfigurations", frontOf("basic")))),
			refusal(400, "PrivateLinkServiceIsNotSupportedForBasicLoadBalancer", "Private link service ~Microsoft.Network/privateLinkServices/x needs a Standard load balancer: ~Microsoft.Network/loadBalancers/basic is Basic."),
		},
		"a service on a public balancer": {
			after(func(s *setup) error {
				s.Make("PublicIPAddress", "front", publicIP("front"))
				s.Make("LoadBalancer", "public", Map{"resourceGroupName": "rg", "loadBalancerName": "public", "sku": Map{"name": "Standard"},
					"frontendIPConfigurations": list{Map{"name": "front", "publicIPAddress": Map{"id": prefix + "Microsoft.Network/publicIPAddresses/front"}}}})
				return nil
			}, create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "loadBalancerFrontendIpConfigurations", frontOf("public")))),
			refusal(400, "PrivateLinkServiceNeedsInternalLoadBalancer", "Private link service ~Microsoft.Network/privateLinkServices/x needs a frontend with a private address: ~Microsoft.Network/loadBalancers/public/frontendIPConfigurations/front is public."),
		},
		"a service on pools of addresses": {
			after(create("LoadBalancer", "ips", Map{"resourceGroupName": "rg", "loadBalancerName": "ips", "sku": Map{"name": "Standard"},
				"frontendIPConfigurations": list{Map{"name": "front", "subnet": subnetID("brokers")}},
				"backendAddressPools": list{Map{"name": "pool", "loadBalancerBackendAddresses": list{
					Map{"name": "a", "ipAddress": "10.0.0.9", "virtualNetwork": Map{"id": prefix + "Microsoft.Network/virtualNetworks/vnet"}}}}}}),
				create("PrivateLinkService", "x", with(with(service(), "serviceName", "x"), "loadBalancerFrontendIpConfigurations", frontOf("ips")))),
			refusal(400, "PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer", "Private link service ~Microsoft.Network/privateLinkServices/x is not supported for load balancer ~Microsoft.Network/loadBalancers/ips: its pool 'pool' is made of IP addresses, not of network interfaces."),
		},
		"a ninth service on a balancer": {
			after(func(s *setup) error {
				for i := range 7 {
					name := fmt.Sprintf("service%d", i)
					s.Make("PrivateLinkService", name, with(service(), "serviceName", name))
				}
				return nil
			}, create("PrivateLinkService", "x", with(service(), "serviceName", "x"))),
			refusal(400, "PrivateLinkServiceCountLimitReached", "Load balancer ~Microsoft.Network/loadBalancers/lb already carries 8 private link services, the limit."),
		},
		"a service that changes balancers": {
			after(secondBalancer, update("service", with(service(), "loadBalancerFrontendIpConfigurations", frontOf("lb2")))),
			refusal(400, "PrivateLinkServiceLoadBalancerCannotBeChanged", "The load balancer frontend of private link service ~Microsoft.Network/privateLinkServices/service cannot be changed once it is created."),
		},
		"approval of who cannot see": {
			update("service", with(service(), "autoApproval.subscriptions", list{"11111111-2222-3333-4444-555555555555"})),
			refusal(400, "PrivateLinkServiceAutoApprovalNotSubsetOfVisibility", "Subscription 11111111-2222-3333-4444-555555555555 in autoApproval of private link service ~Microsoft.Network/privateLinkServices/service is not in its visibility: auto-approval must be a subset of visibility."),
		},
		"a connected service": {
			after(connect, remove("service")),
			refusal(400, "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted", "Private link service ~Microsoft.Network/privateLinkServices/service has 1 private endpoint connections (tidb.GUID) and cannot be deleted. Remove the connections first."),
		},
		"a consumer who cannot see": {
			mutate(func(s *setup, world *simcloud.World) error {
				_, err := azure.Connect(world, s.By["service"].ID, azure.Endpoint{Name: "tidb", Subscription: "11111111-2222-3333-4444-555555555555"})
				return err
			}),
			refusal(403, "LinkedAuthorizationFailed", "Subscription 11111111-2222-3333-4444-555555555555 may not see private link service ~Microsoft.Network/privateLinkServices/service."),
		},
		"a connection nobody knows": {
			mutate(func(s *setup, world *simcloud.World) error { return azure.Approve(world, s.By["service"].ID, "tidb") }),
			refusal(404, "ResourceNotFound", "The Resource 'Microsoft.Network/privateLinkServices/privateEndpointConnections/tidb' under resource group 'rg' was not found."),
		},
		"a service nobody knows": {
			mutate(func(_ *setup, world *simcloud.World) error {
				return azure.Reject(world, prefix+"Microsoft.Network/privateLinkServices/x", "tidb")
			}),
			refusal(404, "ResourceNotFound", "The Resource 'Microsoft.Network/privateLinkServices/x' under resource group 'rg' was not found."),
		},
		"a disconnection of no service": {
			mutate(func(_ *setup, world *simcloud.World) error {
				return azure.Disconnect(world, prefix+"Microsoft.Network/privateLinkServices/x", "tidb")
			}),
			refusal(404, "ResourceNotFound", "The Resource 'Microsoft.Network/privateLinkServices/x' under resource group 'rg' was not found."),
		},
	}
}
