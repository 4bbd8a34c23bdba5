package azure_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

func first(outputs Map, name string) Map { return outputs[name].([]any)[0].(Map) }

func TestAddressesAreTheLowestFreeOnes(t *testing.T) {
	t.Parallel()
	s := start(t)
	assert.Equal(t, "10.0.0.4", first(s.By["lb"].Outputs, "frontendIPConfigurations")["privateIPAddress"])
	assert.Equal(t, "10.0.0.5", first(s.By["nic1"].Outputs, "ipConfigurations")["privateIPAddress"])
	assert.Equal(t, "10.0.1.4", first(s.By["service"].Outputs, "ipConfigurations")["privateIPAddress"])
	fixed := s.Make("NetworkInterface", "fixed", with(nic("fixed"), "ipConfigurations", list{
		Map{"name": "ip", "subnet": subnetID("brokers"), "privateIPAllocationMethod": "Static", "privateIPAddress": "10.0.0.6"}}))
	assert.Equal(t, "10.0.0.6", first(fixed.Outputs, "ipConfigurations")["privateIPAddress"])
	next := s.Make("NetworkInterface", "next", nic("next"))
	assert.Equal(t, "10.0.0.7", first(next.Outputs, "ipConfigurations")["privateIPAddress"])
	require.NoError(t, s.Delete(fixed))
	require.NoError(t, s.Update(next, with(nic("next"), "tags", Map{"a": "b"})))
	assert.Equal(t, "10.0.0.7", first(next.Outputs, "ipConfigurations")["privateIPAddress"], "an address stays, though a lower one is free")
}

func TestAReplacedServiceHasANewAlias(t *testing.T) {
	t.Parallel()
	s := start(t)
	old := s.By["service"]
	assert.Regexp(t, `^service\.[0-9a-f-]{36}\.eastus\.azure\.privatelinkservice$`, old.Outputs["alias"])
	require.NoError(t, s.Delete(old))
	again := s.Make("PrivateLinkService", "service", service())
	assert.NotEqual(t, old.Outputs["alias"], again.Outputs["alias"])
	alias := again.Outputs["alias"]
	require.NoError(t, s.Update(again, with(service(), "tags", Map{"a": "b"})))
	assert.Equal(t, alias, again.Outputs["alias"], "an update keeps it")
}

func TestConsumersConnectByAutoApproval(t *testing.T) {
	t.Parallel()
	s := start(t)
	const approved, stranger = "99549169-6cee-4263-8491-924a3011ee31", "11111111-2222-3333-4444-555555555555"
	require.NoError(t, s.Update(s.By["service"], with(service(), "visibility.subscriptions", list{"*"})))
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		_, err := azure.Connect(world, s.By["service"].ID, azure.Endpoint{Name: "tidb", Subscription: approved})
		require.NoError(t, err)
		_, err = azure.Connect(world, s.By["service"].ID, azure.Endpoint{Name: "other", Subscription: stranger})
		return err
	}))
	require.True(t, s.Refresh(s.By["service"]))
	var states []any
	for _, c := range s.By["service"].Outputs["privateEndpointConnections"].([]any) {
		states = append(states, c.(Map)["privateLinkServiceConnectionState"].(Map)["status"])
	}
	assert.Equal(t, []any{"Approved", "Pending"}, states)
}

func TestAServicesOwnerDecidesAboutEachConnection(t *testing.T) {
	t.Parallel()
	s := start(t)
	service := s.By["service"].ID
	require.NoError(t, connect(s))
	made := azure.Connections(s.Server.View(), service)
	require.Len(t, made, 1)
	assert.Regexp(t, `/providers/Microsoft\.Network/privateEndpoints/tidb$`, made[0].Endpoint)
	assert.Equal(t, service+"/privateEndpointConnections/"+made[0].Name, made[0].ID)
	for _, test := range []struct {
		decide func(world *simcloud.World, service, connection string) error
		want   string
	}{{azure.Withhold, azure.Pending}, {azure.Approve, azure.Approved}, {azure.Reject, azure.Rejected}} {
		require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error { return test.decide(world, service, made[0].Name) }))
		assert.Equal(t, test.want, azure.Connections(s.Server.View(), service)[0].State)
	}
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error { return azure.Disconnect(world, service, made[0].Name) }))
	assert.Empty(t, azure.Connections(s.Server.View(), service))
	assert.NoError(t, s.Delete(s.By["service"]))
	assert.Nil(t, azure.Connections(s.Server.View(), service))
}

func TestANetworkUpdateKeepsSubnetsItDoesNotMention(t *testing.T) {
	t.Parallel()
	s := start(t)
	network := Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressSpace": Map{"addressPrefixes": list{"10.0.0.0/16"}}}
	require.NoError(t, s.Update(s.By["vnet"], with(network, "tags", Map{"a": "b"})))
	assert.Len(t, s.By["vnet"].Outputs["subnets"], 2)
	require.True(t, s.Refresh(s.By["vnet"]))
	assert.NotContains(t, s.By["vnet"].Inputs, "subnets", "nor does a refresh bring them into the inputs")
}

func TestInlineSubnetsAreAllThereAre(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	s.Make("ResourceGroup", "rg", Map{"resourceGroupName": "rg"})
	network := func(subnets ...any) Map {
		return Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressSpace": Map{"addressPrefixes": list{"10.0.0.0/16"}}, "subnets": subnets}
	}
	a, b := Map{"name": "a", "addressPrefix": "10.0.0.0/24"}, Map{"name": "b", "addressPrefix": "10.0.1.0/24"}
	vnet := s.Make("VirtualNetwork", "vnet", network(a, b))
	assert.Equal(t, subnetID("a")["id"], first(vnet.Outputs, "subnets")["id"])
	s.Make("Subnet", "apart", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": "apart", "addressPrefix": "10.0.2.0/24"})
	require.NoError(t, s.Update(vnet, network(a)))
	assert.False(t, s.Refresh(s.By["apart"]), "an update that lists subnets drops the others, made apart or not")
	got, err := s.Invoke("azure-native:network:getVirtualNetwork", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet"})
	require.NoError(t, err)
	assert.Len(t, got["subnets"], 1)
	require.NoError(t, s.Update(vnet, network()))
	assert.Empty(t, s.Server.View().List(token("Subnet")))
}

func TestInlineSecurityRulesAreAllThereAre(t *testing.T) {
	t.Parallel()
	s := start(t)
	group := Map{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg"}
	require.NoError(t, s.Update(s.By["nsg"], with(group, "tags", Map{"a": "b"})))
	assert.Len(t, s.By["nsg"].Outputs["securityRules"], 1, "an update that lists none keeps those made apart")
	assert.Len(t, s.By["nsg"].Outputs["defaultSecurityRules"], 6)
	inline := securityRule()
	for _, name := range []string{"resourceGroupName", "networkSecurityGroupName", "securityRuleName"} {
		delete(inline, name)
	}
	require.NoError(t, s.Update(s.By["nsg"], with(group, "securityRules", list{with(with(inline, "name", "inline"), "priority", 300)})))
	assert.False(t, s.Refresh(s.By["rule"]))
	assert.Equal(t, "inline", first(s.By["nsg"].Outputs, "securityRules")["name"])
}

func TestAPoolShowsItsMembersAndLosesThem(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.True(t, s.Refresh(s.By["lb"]))
	pool := first(s.By["lb"].Outputs, "backendAddressPools")
	assert.Equal(t, list{Map{"id": s.By["nic1"].ID + "/ipConfigurations/ip"}}, pool["backendIPConfigurations"])
	require.NoError(t, s.Update(s.By["nic1"], nic("nic1")))
	require.True(t, s.Refresh(s.By["lb"]))
	assert.NotContains(t, first(s.By["lb"].Outputs, "backendAddressPools"), "backendIPConfigurations")
}

func TestABalancersEndTakesInterfacesOutOfItsPools(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, s.Delete(s.By["service"]))
	require.NoError(t, s.Delete(s.By["lb"]))
	require.True(t, s.Refresh(s.By["nic1"]))
	assert.NotContains(t, first(s.By["nic1"].Outputs, "ipConfigurations"), "loadBalancerBackendAddressPools")
}

func TestAnOSDiskGetsAName(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Make("NetworkInterface", "nic2", nic("nic2"))
	unnamed := with(machine("vm2", "nic2", "none", "1"), "storageProfile.osDisk", Map{"createOption": "FromImage"})
	s.Make("VirtualMachine", "vm2", with(unnamed, "storageProfile.dataDisks", list{}))
	assert.Regexp(t, `^vm2_OsDisk_1_[0-9a-f]{32}$`, s.By["vm2"].Outputs["storageProfile"].(Map)["osDisk"].(Map)["name"])
}

func TestAMachineAndItsDisks(t *testing.T) {
	t.Parallel()
	s := start(t)
	vm := s.By["vm1"]
	assert.Regexp(t, `^[0-9a-f-]{36}$`, vm.Outputs["vmId"])
	assert.NotContains(t, vm.Outputs["osProfile"], "customData", "Azure never shows user-data again")
	osDisk := vm.Outputs["storageProfile"].(Map)["osDisk"].(Map)
	assert.Equal(t, "vm1-os", osDisk["name"])
	require.True(t, s.Refresh(s.By["disk1"]))
	assert.Equal(t, vm.ID, s.By["disk1"].Outputs["managedBy"])
	require.True(t, s.Refresh(s.By["nic1"]))
	assert.Equal(t, Map{"id": vm.ID}, s.By["nic1"].Outputs["virtualMachine"])

	require.NoError(t, s.Delete(vm))
	assert.Len(t, s.Server.View().List(token("Disk")), 1, "the OS disk goes with its machine, as told; the data disk stays")
	require.True(t, s.Refresh(s.By["disk1"]))
	assert.Equal(t, "Unattached", s.By["disk1"].Outputs["diskState"])

	again := s.Make("VirtualMachine", "vm1", machine("vm1", "nic1", "disk1", "1"))
	assert.NotEqual(t, vm.Outputs["vmId"], again.Outputs["vmId"])
	require.NoError(t, s.Delete(again))
	s.Make("VirtualMachine", "vm1", inVM1("storageProfile.osDisk.deleteOption", "Detach"))
	require.NoError(t, s.Delete(again))
	assert.Len(t, s.Server.View().List(token("Disk")), 2, "an OS disk that is not told to go is left behind")
}

func TestAGroupsEndIsTheEndOfAllInIt(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, s.Delete(s.By["rg"]))
	assert.Empty(t, s.Server.View().List(""))
	assert.NoError(t, s.Delete(s.By["vm1"]), "what is gone is deleted")
	assert.False(t, s.Refresh(s.By["vm1"]))
}

func TestDriftIsFoundWhereItIs(t *testing.T) {
	t.Parallel()
	s := start(t)
	balancer := s.By["lb"]
	wanted := balancer.Inputs
	drifted := func() []string {
		require.True(t, s.Refresh(balancer))
		diff, err := s.Diff(balancer, wanted)
		require.NoError(t, err)
		return slices.Sorted(maps.Keys(diff.DetailedDiff))
	}
	assert.Equal(t, []string{"backendAddressPools[0].loadBalancerBackendAddresses"}, drifted(), "its pool shows the interface that came after it")
	require.NoError(t, s.Update(balancer, wanted))
	s.NothingDrifts()
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		world.Change(balancer.ID, func(r *simcloud.Resource) {
			r.Properties.Objects("loadBalancingRules")[0]["backendPort"] = 1234.0
		})
		return nil
	}))
	assert.Equal(t, []string{"loadBalancingRules[0].backendPort"}, drifted())
}

func TestImportGivesTheInputsThatMakeTheSame(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, name := range []string{"rg", "vnet", "brokers", "nsg", "rule", "pip", "nat", "disk1", "service"} {
		state := s.By[name]
		imported := s.Import(state.URN[len("urn:pulumi:dev::test::"):len(state.URN)-len("::"+name)], name, state.ID)
		require.NotNil(t, imported, name)
		for input, value := range state.Inputs {
			if list, isList := value.([]any); isList && len(list) > 0 {
				continue // items come with their ids
			}
			if object, isObject := value.(Map); isObject {
				assert.Subset(t, imported.Inputs[input], object, "%s of %s", input, name)
			} else {
				assert.Equal(t, value, imported.Inputs[input], "%s of %s", input, name)
			}
		}
	}
	assert.Nil(t, s.Import(token("Subnet"), "x", s.By["vm1"].ID), "what is of another type is not there")
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	s := start(t)
	got, err := s.Invoke("azure-native:network:getPrivateLinkService", Map{"resourceGroupName": "rg", "serviceName": "service"})
	require.NoError(t, err)
	assert.Equal(t, s.By["service"].Outputs["alias"], got["alias"])
	assert.Equal(t, s.By["service"].ID, got["id"])
	got, err = s.Invoke("azure-native:network:getSubnet", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": "brokers"})
	require.NoError(t, err)
	assert.Equal(t, "10.0.0.0/24", got["addressPrefix"])
	assert.Len(t, got["ipConfigurations"], 2)
	for name, test := range map[string]struct {
		token     string
		arguments Map
		want      string
	}{
		"nothing there":  {"azure-native:network:getNetworkInterface", Map{"resourceGroupName": "rg", "networkInterfaceName": "x"}, refusal(404, "ResourceNotFound", "The Resource 'Microsoft.Network/networkInterfaces/x' under resource group 'rg' was not found.")},
		"too few words":  {"azure-native:network:getSubnet", Map{"resourceGroupName": "rg", "subnetName": "x"}, "missing required property 'virtualNetworkName'"},
		"too many words": {"azure-native:resources:getResourceGroup", Map{"resourceGroupName": "rg", "colour": "x"}, "unknown argument 'colour': it takes resourceGroupName, expand"},
		"no function":    {"azure-native:network:getGateway", Map{}, "the simulated azure-native has no function azure-native:network:getGateway"},
	} {
		_, err := s.Invoke(test.token, test.arguments)
		assert.EqualError(t, err, test.want, name)
	}
}

func TestABastionHasItsSubnetAndAddress(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Make("Subnet", "bastions", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": "AzureBastionSubnet", "addressPrefix": "10.0.2.0/26"})
	s.Make("PublicIPAddress", "bastion-ip", publicIP("bastion-ip"))
	bastion := s.Make("BastionHost", "bastion", Map{"resourceGroupName": "rg", "bastionHostName": "bastion", "ipConfigurations": list{
		Map{"name": "ip", "subnet": subnetID("AzureBastionSubnet"), "publicIPAddress": Map{"id": s.By["bastion-ip"].ID}}}})
	assert.Regexp(t, `^bst-[0-9a-f-]{36}\.bastion\.azure\.com$`, bastion.Outputs["dnsName"])
	assert.Error(t, s.Delete(s.By["bastion-ip"]))
	require.NoError(t, s.Delete(bastion))
	assert.NoError(t, s.Delete(s.By["bastion-ip"]))
	assert.NoError(t, s.Delete(s.By["bastions"]))
}

func TestPublicAddressesAreOfTheRangeForDocumentation(t *testing.T) {
	t.Parallel()
	s := start(t)
	assert.Equal(t, "203.0.113.4", s.By["pip"].Outputs["ipAddress"])
	assert.Equal(t, "203.0.113.5", s.Make("PublicIPAddress", "next", publicIP("next")).Outputs["ipAddress"])
}

func TestAnUpdateOfWhatIsGoneMakesItAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	vanish := func(names ...string) {
		require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
			for _, name := range names {
				world.Delete(s.By[name].ID)
			}
			return nil
		}))
	}
	vanish("disk1")
	was := s.By["disk1"].Outputs["uniqueId"]
	require.NoError(t, s.Update(s.By["disk1"], dataDisk("disk1", "1")))
	assert.NotEqual(t, was, s.By["disk1"].Outputs["uniqueId"], "another disk, and an empty one")
	vanish("nsg")
	err := s.Update(s.By["nsg"], Map{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg"})
	assert.EqualError(t, err, "cannot keep 'securityRules' as it is: "+refusal(404, "ResourceNotFound", "The Resource 'Microsoft.Network/networkSecurityGroups/nsg' under resource group 'rg' was not found."))
}
