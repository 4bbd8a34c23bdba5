package azure_test

import (
	"encoding/base64"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

type (
	Map  = simtest.Map
	list = []any
)

const prefix = "/subscriptions/" + azure.Subscription + "/resourceGroups/rg/providers/"

// setup is the documents' set-up on a simulated Azure: network, brokers, load balancer, service.
type setup = simtest.Setup

func token(kind string) string {
	switch kind {
	case "ResourceGroup":
		return "azure-native:resources:ResourceGroup"
	case "Disk", "VirtualMachine":
		return "azure-native:compute:" + kind
	case "RunCommand":
		return "azure-native:compute:VirtualMachineRunCommandByVirtualMachine"
	}
	return "azure-native:network:" + kind
}

func empty(t *testing.T, options simcloud.Options) *setup {
	return emptyWith(t, azure.Cloud(), options)
}

func emptyWith(t *testing.T, cloud *simcloud.Cloud, options simcloud.Options) *setup {
	return simtest.Empty(t, cloud, options, Map{"location": "eastus"}, token)
}

func start(t *testing.T) *setup { return startWith(t, simcloud.Options{}) }

func startWith(t *testing.T, options simcloud.Options) *setup {
	return fill(empty(t, options))
}

// fill makes the documents' set-up.
func fill(s *setup) *setup {
	s.Make("ResourceGroup", "rg", Map{"resourceGroupName": "rg"})
	s.Make("NetworkSecurityGroup", "nsg", Map{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg"})
	s.Make("SecurityRule", "rule", securityRule())
	s.Make("PublicIPAddress", "pip", publicIP("pip"))
	s.Make("NatGateway", "nat", Map{"resourceGroupName": "rg", "natGatewayName": "nat", "sku": Map{"name": "Standard"},
		"publicIpAddresses": list{Map{"id": prefix + "Microsoft.Network/publicIPAddresses/pip"}}})
	s.Make("VirtualNetwork", "vnet", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressSpace": Map{"addressPrefixes": list{"10.0.0.0/16"}}})
	s.Make("Subnet", "brokers", subnet("brokers", "10.0.0.0/24"))
	s.Make("Subnet", "pls", with(subnet("pls", "10.0.1.0/28"), "privateLinkServiceNetworkPolicies", "Disabled"))
	s.Make("LoadBalancer", "lb", loadBalancer())
	s.Make("NetworkInterface", "nic1", nic("nic1", "pool1"))
	s.Make("Disk", "disk1", dataDisk("disk1", "1"))
	s.Make("VirtualMachine", "vm1", machine("vm1", "nic1", "disk1", "1"))
	s.Make("PrivateLinkService", "service", service())
	return s
}

var with = simtest.With

func subnetID(name string) Map {
	return Map{"id": prefix + "Microsoft.Network/virtualNetworks/vnet/subnets/" + name}
}

func part(list, name string) Map {
	return Map{"id": prefix + "Microsoft.Network/loadBalancers/lb/" + list + "/" + name}
}

func publicIP(name string) Map {
	return Map{"resourceGroupName": "rg", "publicIpAddressName": name, "sku": Map{"name": "Standard"}, "publicIPAllocationMethod": "Static"}
}

func securityRule() Map {
	return Map{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg", "securityRuleName": "rule", "access": "Allow", "direction": "Inbound",
		"protocol": "Tcp", "priority": 100, "sourceAddressPrefix": "10.0.1.0/28", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "39092"}
}

func subnet(name, addresses string) Map {
	return Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": name, "addressPrefix": addresses,
		"networkSecurityGroup": Map{"id": prefix + "Microsoft.Network/networkSecurityGroups/nsg"}, "natGateway": Map{"id": prefix + "Microsoft.Network/natGateways/nat"}}
}

func loadBalancer() Map {
	rule := func(name, pool string, port int) Map {
		return Map{"name": name, "protocol": "Tcp", "frontendPort": port, "backendPort": 39092, "enableTcpReset": true,
			"frontendIPConfiguration": part("frontendIPConfigurations", "front"), "backendAddressPool": part("backendAddressPools", pool), "probe": part("probes", "probe")}
	}
	return Map{"resourceGroupName": "rg", "loadBalancerName": "lb", "sku": Map{"name": "Standard"},
		"frontendIPConfigurations": list{Map{"name": "front", "subnet": subnetID("brokers"), "zones": list{"1", "2", "3"}}},
		"backendAddressPools":      list{Map{"name": "pool1"}, Map{"name": "pool2"}},
		"probes":                   list{Map{"name": "probe", "protocol": "Tcp", "port": 39092}},
		"loadBalancingRules":       list{rule("rule1", "pool1", 9093), rule("rule2", "pool2", 9094)}}
}

func nic(name string, pools ...string) Map {
	members := list{}
	for _, pool := range pools {
		members = append(members, part("backendAddressPools", pool))
	}
	return Map{"resourceGroupName": "rg", "networkInterfaceName": name, "ipConfigurations": list{
		Map{"name": "ip", "subnet": subnetID("brokers"), "loadBalancerBackendAddressPools": members}}}
}

func dataDisk(name, zone string) Map {
	return Map{"resourceGroupName": "rg", "diskName": name, "diskSizeGB": 64, "creationData": Map{"createOption": "Empty"}, "zones": list{zone}}
}

func machine(name, nic, disk, zone string) Map {
	return Map{"resourceGroupName": "rg", "vmName": name, "zones": list{zone}, "hardwareProfile": Map{"vmSize": "Standard_D2s_v3"},
		"networkProfile": Map{"networkInterfaces": list{Map{"id": prefix + "Microsoft.Network/networkInterfaces/" + nic}}},
		"osProfile": Map{"computerName": name, "adminUsername": "azureuser", "customData": base64.StdEncoding.EncodeToString([]byte("#cloud-config\n")),
			"linuxConfiguration": Map{"disablePasswordAuthentication": true, "ssh": Map{"publicKeys": list{Map{"keyData": "ssh-ed25519 AAAA", "path": "/home/azureuser/.ssh/authorized_keys"}}}}},
		"storageProfile": Map{
			"imageReference": Map{"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "24.04.202404230"},
			"osDisk":         Map{"createOption": "FromImage", "deleteOption": "Delete", "name": name + "-os"},
			"dataDisks":      list{Map{"lun": 0, "createOption": "Attach", "managedDisk": Map{"id": prefix + "Microsoft.Compute/disks/" + disk}}}}}
}

func service() Map {
	return Map{"resourceGroupName": "rg", "serviceName": "service",
		"ipConfigurations":                     list{Map{"name": "nat", "primary": true, "subnet": subnetID("pls")}},
		"loadBalancerFrontendIpConfigurations": list{part("frontendIPConfigurations", "front")},
		"visibility":                           Map{"subscriptions": list{"99549169-6cee-4263-8491-924a3011ee31"}},
		"autoApproval":                         Map{"subscriptions": list{"99549169-6cee-4263-8491-924a3011ee31"}}}
}

func command(script string) Map {
	return Map{"resourceGroupName": "rg", "vmName": "vm1", "runCommandName": "configure", "source": Map{"script": script},
		"asyncExecution": false, "treatFailureAsDeploymentFailure": true, "timeoutInSeconds": 600}
}

// connectBare is another provider instance of the same cloud, with nothing configured.
func connectBare(t *testing.T, s *setup) *simtest.Engine { return simtest.Connect(t, s.Server, Map{}) }

func textAsset(t *testing.T) *asset.Asset {
	text, err := asset.FromText("x")
	require.NoError(t, err)
	return text
}
