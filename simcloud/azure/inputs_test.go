package azure_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

func TestInputsThatCannotBe(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	for name, test := range map[string]struct {
		kind   string
		inputs Map
		want   string
	}{
		"a type nobody knows":       {"Gateway", Map{}, "the simulated azure-native has no resource type azure-native:network:Gateway; it has azure-native:resources:ResourceGroup, azure-native:network:VirtualNetwork, azure-native:network:Subnet, azure-native:network:NetworkSecurityGroup, azure-native:network:SecurityRule, azure-native:network:PublicIPAddress, azure-native:network:NatGateway, azure-native:network:BastionHost, azure-native:network:NetworkInterface, azure-native:network:LoadBalancer, azure-native:network:PrivateLinkService, azure-native:compute:Disk, azure-native:compute:VirtualMachine, azure-native:compute:VirtualMachineRunCommandByVirtualMachine"},
		"a property nobody knows":   {"NetworkInterface", with(nic("x"), "speed", 1), "unknown property 'speed'"},
		"a property misspelt":       {"NetworkInterface", nicWith("x", "privateIpAddress", "10.0.0.9"), "unknown property 'ipConfigurations[0].privateIpAddress'; did you mean 'privateIPAddress'?"},
		"a required one missing":    {"VirtualMachine", Map{"vmName": "x"}, "missing required property 'resourceGroupName'"},
		"a nested one missing":      {"LoadBalancer", lbWith("probes", 0, "port", nil), "missing required property 'probes[0].port'"},
		"a nested list's missing":   {"LoadBalancer", with(loadBalancer(), "outboundRules", list{Map{"name": "out", "protocol": "All", "backendAddressPool": part("backendAddressPools", "pool1")}}), "missing required property 'outboundRules[0].frontendIPConfigurations'"},
		"a name missing in a list":  {"NetworkSecurityGroup", Map{"resourceGroupName": "rg", "securityRules": list{Map{"access": "Allow", "direction": "Inbound", "protocol": "*", "priority": 100}}}, "missing required property 'securityRules[0].name'"},
		"text for a number":         {"Disk", with(dataDisk("x", "1"), "diskSizeGB", "64"), "'diskSizeGB' should be of type 'integer' but got a string"},
		"a fraction for an integer": {"Disk", with(dataDisk("x", "1"), "diskSizeGB", 64.5), "'diskSizeGB' must be an integer but got 64.5"},
		"a text for a list":         {"Disk", with(dataDisk("x", "1"), "zones", "1"), "'zones' should be of type 'list of string' but got a string"},
		"an object for a text":      {"NetworkInterface", nicWith("x", "name", Map{}), "'ipConfigurations[0].name' should be of type 'string' but got an object"},
		"a list for an object":      {"VirtualMachine", inVM1("hardwareProfile", list{}), "'hardwareProfile' should be of type 'object' but got a list"},
		"a boolean for a text":      {"NetworkInterface", nicWith("x", "name", true), "'ipConfigurations[0].name' should be of type 'string' but got a boolean"},
		"a number among tags":       {"ResourceGroup", Map{"resourceGroupName": "x", "tags": Map{"a": 1}}, "'tags.a' should be of type 'string' but got a number"},
		"a value not in the list":   {"Subnet", with(subnet("x", "10.0.0.0/24"), "privateLinkServiceNetworkPolicies", "disabled"), `'privateLinkServiceNetworkPolicies' is "disabled": must be one of Enabled, Disabled`},
		"a zone nobody has":         {"Disk", dataDisk("x", "4"), `'zones[0]' is "4": must be one of 1, 2, 3`},
		"too low a priority":        {"SecurityRule", with(securityRule(), "priority", 99), "'priority' is 99: must be between 100 and 4096"},
		"too high a priority":       {"SecurityRule", with(securityRule(), "priority", 4097), "'priority' is 4097: must be between 100 and 4096"},
		"an idle timeout too long":  {"LoadBalancer", lbWith("loadBalancingRules", 0, "idleTimeoutInMinutes", 101), "'loadBalancingRules[0].idleTimeoutInMinutes' is 101: must be between 4 and 100"},
		"a name too short":          {"VirtualNetwork", Map{"resourceGroupName": "rg", "virtualNetworkName": "x"}, `'virtualNetworkName' is "x", 1 characters long: must have 2 to 64`},
		"a name with an end":        {"VirtualMachine", machine("vm-", "nic1", "disk1", "1"), `'vmName' is "vm-": must consist of letters, digits, underscores, periods and hyphens, starting with a letter or digit and not ending in a period or hyphen`},
		"a group's name":            {"ResourceGroup", Map{"resourceGroupName": "rg."}, `'resourceGroupName' is "rg.": must consist of letters, digits, underscores, hyphens, periods and parentheses, not ending in a period`},
		"an unknown among the rest": {"Disk", with(with(dataDisk("x", "1"), "resourceGroupName", "?"), "diskSizeGB", "big"), "'diskSizeGB' should be of type 'integer' but got a string"},
		"an asset for a text":       {"VirtualMachine", Map{"resourceGroupName": "rg", "vmName": resource.NewAssetProperty(textAsset(t))}, "'vmName' should be of type 'string' but got a value of Pulumi's type asset"},
		"two things wrong":          {"Disk", Map{"diskName": "x/y", "creationData": Map{}}, "missing required property 'resourceGroupName'\nmissing required property 'creationData.createOption'\n'diskName' is \"x/y\": must consist of letters, digits, underscores, periods and hyphens"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for key, value := range test.inputs {
				if value == "?" {
					test.inputs[key] = unknown
				}
			}
			_, err := s.Check(token(test.kind), "x", nil, test.inputs)
			require.Error(t, err)
			assert.Equal(t, test.want, err.Error())
		})
	}
}

func TestUnknownAndSecretInputsAreAccepted(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	secret := resource.MakeSecret(resource.NewStringProperty("U0VDUkVU"))
	inputs := inVM1("hardwareProfile", unknown)
	inputs["resourceGroupName"] = unknown
	inputs["osProfile"].(Map)["customData"] = secret
	checked, err := s.Check(token("VirtualMachine"), "vm1", nil, inputs)
	require.NoError(t, err)
	assert.Equal(t, "U0VDUkVU", checked["osProfile"].(Map)["customData"])
	assert.IsType(t, resource.Computed{}, checked["hardwareProfile"])
}

func TestAPreviewTellsWhatIsKnown(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	shown := s.PreviewCreate(token("LoadBalancer"), "lb", loadBalancer())
	assert.Equal(t, "Standard", shown["sku"].(Map)["name"])
	assert.Equal(t, "eastus", shown["location"])
	front := shown["frontendIPConfigurations"].([]any)[0].(Map)
	assert.Equal(t, "front", front["name"])
	for _, value := range []any{shown["name"], shown["etag"], front["id"], front["privateIPAddress"]} {
		assert.IsType(t, resource.Computed{}, value)
	}
}

func TestNamesAreChosenAsTheProviderChoosesThem(t *testing.T) {
	t.Parallel()
	s := start(t)
	inputs := Map{"resourceGroupName": "rg"}
	group := s.Make("NetworkSecurityGroup", "auto", inputs)
	assert.Regexp(t, `/networkSecurityGroups/auto[0-9a-f]{8}$`, group.ID)
	assert.Equal(t, true, group.Inputs["__createBeforeDelete"])

	again, err := s.Diff(group, inputs)
	require.NoError(t, err)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, again.Changes, "a chosen name stays: %v", again.DetailedDiff)

	moved, err := s.Diff(group, Map{"resourceGroupName": "other"})
	require.NoError(t, err)
	assert.Equal(t, []string{"resourceGroupName"}, moved.Replaces)
	assert.False(t, moved.DeleteBeforeReplace, "a chosen name lets the new one come first")
	moved, err = s.Diff(s.By["nsg"], Map{"resourceGroupName": "other", "networkSecurityGroupName": "nsg"})
	require.NoError(t, err)
	assert.True(t, moved.DeleteBeforeReplace, "a given name is free only when the old one is gone")
}

func TestLocationsAreChosenAsTheProviderChoosesThem(t *testing.T) {
	t.Parallel()
	s := empty(t, simcloud.Options{})
	bare := connectBare(t, s)
	_, err := bare.Create(token("ResourceGroup"), "rg", Map{"resourceGroupName": "rg"})
	require.EqualError(t, err, "missing required property 'location'")
	bare.MustCreate(token("ResourceGroup"), "rg", Map{"resourceGroupName": "rg", "location": "North Europe"})
	group := bare.MustCreate(token("NetworkSecurityGroup"), "nsg", Map{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg"})
	assert.Equal(t, "North Europe", group.Outputs["location"], "the group's, where nothing is configured")
	diff, err := s.Diff(group, Map{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg", "location": "northeurope"})
	require.NoError(t, err)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, diff.Changes, "two spellings of one region")
}

func TestWhatReplaces(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, test := range map[string]struct {
		resource string
		inputs   Map
		replaces []string
		paths    []string
	}{
		"a network's region":            {"vnet", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "location": "westus", "addressSpace": Map{"addressPrefixes": list{"10.0.0.0/16"}}}, []string{"location"}, []string{"location"}},
		"an address's sku, from within": {"pip", with(publicIP("pip"), "sku.name", "Basic"), []string{"sku"}, []string{"sku.name"}},
		"a machine's name":              {"vm1", inVM1("vmName", "vm9"), []string{"vmName"}, []string{"vmName"}},
		"not a machine's user-data":     {"vm1", inVM1("osProfile.customData", "AAAA"), []string{}, []string{"osProfile.customData"}},
		"not a machine's size":          {"vm1", inVM1("hardwareProfile.vmSize", "Standard_D4s_v3"), []string{}, []string{"hardwareProfile.vmSize"}},
		"not a balancer's region":       {"lb", with(loadBalancer(), "location", "westus"), []string{}, []string{"location"}},
		"not a rule less":               {"lb", with(loadBalancer(), "loadBalancingRules", loadBalancer()["loadBalancingRules"].([]any)[:1]), []string{}, []string{"loadBalancingRules[1]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diff, err := s.Diff(s.By[test.resource], test.inputs)
			require.NoError(t, err)
			assert.Equal(t, pulumirpc.DiffResponse_DIFF_SOME, diff.Changes)
			assert.ElementsMatch(t, test.replaces, diff.Replaces)
			var paths []string
			for path, found := range diff.DetailedDiff {
				paths = append(paths, path)
				replaces := found.Kind == pulumirpc.PropertyDiff_UPDATE_REPLACE || found.Kind == pulumirpc.PropertyDiff_ADD_REPLACE
				assert.Equal(t, len(test.replaces) > 0, replaces, path)
			}
			assert.ElementsMatch(t, test.paths, paths)
		})
	}
}

func TestAPreviewOfAnUpdateCarriesOverOnlyWhatNeverChanges(t *testing.T) {
	t.Parallel()
	s := start(t)
	shown := s.PreviewUpdate(s.By["vm1"], inVM1("hardwareProfile.vmSize", "Standard_D4s_v3"))
	assert.Equal(t, "vm1", shown["name"])
	assert.Equal(t, "Standard_D4s_v3", shown["hardwareProfile"].(Map)["vmSize"])
	assert.IsType(t, resource.Computed{}, shown["vmId"], "azure-native shows what the cloud computes as unknown, even if it stays")
	assert.Equal(t, "Standard_D2s_v3", s.By["vm1"].Outputs["hardwareProfile"].(Map)["vmSize"])
}
