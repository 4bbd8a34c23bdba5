//go:build simcloudgen

// The generator of simcloud/azure/schema.json, run by `go generate ./simcloud/azure`. It links a cloud's SDK, behind a build
// tag that keeps it out of ordinary builds.
package main

import (
	"log"
	"os"

	"github.com/pulumi/pulumi-azure-native-sdk/compute/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"

	"github.com/kafkalink/kafkalink/simcloud/internal/gen"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run -tags simcloudgen . FILE")
	}
	err := gen.Write(os.Args[1], "pulumi-azure-native-sdk v2", []gen.Resource{
		{Token: "azure-native:resources:ResourceGroup", Args: resources.ResourceGroupArgs{}, State: resources.ResourceGroup{}},
		{Token: "azure-native:network:BastionHost", Args: network.BastionHostArgs{}, State: network.BastionHost{}},
		{Token: "azure-native:network:LoadBalancer", Args: network.LoadBalancerArgs{}, State: network.LoadBalancer{}},
		{Token: "azure-native:network:NatGateway", Args: network.NatGatewayArgs{}, State: network.NatGateway{}},
		{Token: "azure-native:network:NetworkInterface", Args: network.NetworkInterfaceArgs{}, State: network.NetworkInterface{}},
		{Token: "azure-native:network:NetworkSecurityGroup", Args: network.NetworkSecurityGroupArgs{}, State: network.NetworkSecurityGroup{}},
		{Token: "azure-native:network:PrivateLinkService", Args: network.PrivateLinkServiceArgs{}, State: network.PrivateLinkService{}},
		{Token: "azure-native:network:PublicIPAddress", Args: network.PublicIPAddressArgs{}, State: network.PublicIPAddress{}},
		{Token: "azure-native:network:SecurityRule", Args: network.SecurityRuleArgs{}, State: network.SecurityRule{}},
		{Token: "azure-native:network:Subnet", Args: network.SubnetArgs{}, State: network.Subnet{}},
		{Token: "azure-native:network:VirtualNetwork", Args: network.VirtualNetworkArgs{}, State: network.VirtualNetwork{}},
		{Token: "azure-native:compute:Disk", Args: compute.DiskArgs{}, State: compute.Disk{}},
		{Token: "azure-native:compute:VirtualMachine", Args: compute.VirtualMachineArgs{}, State: compute.VirtualMachine{}},
		{
			Token: "azure-native:compute:VirtualMachineRunCommandByVirtualMachine",
			Args:  compute.VirtualMachineRunCommandByVirtualMachineArgs{}, State: compute.VirtualMachineRunCommandByVirtualMachine{},
		},
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
}
