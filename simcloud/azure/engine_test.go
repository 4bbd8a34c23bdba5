package azure_test

import (
	"context"
	"encoding/base64"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

func deploy(t *testing.T, options simcloud.Options, program pulumi.RunFunc) *simtest.Deployment {
	options.Clouds = []*simcloud.Cloud{azure.Cloud()}
	return simtest.Deploy(t, options, map[string]string{"azure-native:location": "eastus"}, program)
}

func register(ctx *pulumi.Context, kind, name string, inputs Map, options ...pulumi.ResourceOption) (*pulumi.CustomResourceState, error) {
	var state pulumi.CustomResourceState
	return &state, ctx.RegisterResource(token(kind), name, pulumi.ToMap(inputs), &state, options...)
}

// documents deploys the set-up of three brokers, each after the one before: disk, machine, configuration.
func documents(size string) pulumi.RunFunc { return documentsWith(size, "") }

func documentsWith(size, userData string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		var last []pulumi.Resource
		add := func(kind, name string, inputs Map) error {
			if kind == "RunCommand" { // the command dies with its machine: its input comes from the machine's id
				inputs["vmName"] = last[len(last)-1].(*pulumi.CustomResourceState).ID().ApplyT(func(id pulumi.ID) string { return path.Base(string(id)) })
			}
			state, err := register(ctx, kind, name, inputs, pulumi.DependsOn(last),
				pulumi.ReplaceOnChanges([]string{"osProfile.customData"}), pulumi.DeleteBeforeReplace(true))
			last = append(last, state)
			return err
		}
		lb := with(loadBalancer(), "backendAddressPools", list{Map{"name": "pool1"}, Map{"name": "pool2"}, Map{"name": "pool3"}})
		steps := []struct {
			kind, name string
			inputs     Map
		}{
			{"ResourceGroup", "rg", Map{"resourceGroupName": "rg"}},
			{"NetworkSecurityGroup", "nsg", Map{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg"}},
			{"SecurityRule", "rule", securityRule()},
			{"PublicIPAddress", "pip", publicIP("pip")},
			{"NatGateway", "nat", Map{"resourceGroupName": "rg", "natGatewayName": "nat", "sku": Map{"name": "Standard"},
				"publicIpAddresses": list{Map{"id": prefix + "Microsoft.Network/publicIPAddresses/pip"}}}},
			{"VirtualNetwork", "vnet", Map{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressSpace": Map{"addressPrefixes": list{"10.0.0.0/16"}}}},
			{"Subnet", "brokers", subnet("brokers", "10.0.0.0/24")},
			{"Subnet", "pls", with(subnet("pls", "10.0.1.0/28"), "privateLinkServiceNetworkPolicies", "Disabled")},
			{"LoadBalancer", "lb", lb},
			{"PrivateLinkService", "service", service()},
		}
		for _, id := range []string{"1", "2", "3"} {
			vm := with(machine("vm"+id, "nic"+id, "disk"+id, id), "hardwareProfile.vmSize", size)
			vm = with(vm, "osProfile.customData", base64.StdEncoding.EncodeToString([]byte("#cloud-config\n"+userData)))
			steps = append(steps, []struct {
				kind, name string
				inputs     Map
			}{
				{"NetworkInterface", "nic" + id, nic("nic"+id, "pool"+id)},
				{"Disk", "disk" + id, dataDisk("disk"+id, id)},
				{"VirtualMachine", "vm" + id, vm},
				{"RunCommand", "configure" + id, command("echo " + id + " " + size)},
			}...)
		}
		for _, step := range steps {
			if err := add(step.kind, step.name, step.inputs); err != nil {
				return err
			}
		}
		return nil
	}
}

const resources = 10 + 3*4

func TestTheRealEngineDeploysRefreshesAndDestroys(t *testing.T) {
	t.Parallel()
	program := documents("Standard_D2s_v3")
	d := deploy(t, simcloud.Options{}, program)

	d.Creates(resources)
	// The load balancer's pools show the interfaces that came after it.
	d.Keeps(program, resources, 1, func(world *simcloud.World) {
		world.Change(prefix+"Microsoft.Network/networkSecurityGroups/nsg/securityRules/rule", func(r *simcloud.Resource) { r.Properties["access"] = "Deny" })
		world.Delete(prefix + "Microsoft.Network/privateLinkServices/service")
	}, map[string]int{"create": 1, "update": 1, "same": resources - 1})
}

func TestAFailedOperationIsRecoveredFrom(t *testing.T) {
	t.Parallel()
	d := deploy(t, simcloud.Options{FailOperation: 12}, documents("Standard_D2s_v3"))
	_, err := d.Up()
	require.ErrorContains(t, err, "simulated failure of operation 12: create of azure-native:compute:Disk")
	changes, err := d.Up()
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"create": resources - 11, "same": 12}, changes)
}

func TestAFailedCommandGoesGreenWithoutRunning(t *testing.T) {
	t.Parallel()
	h := &host{answer: exits(1, "no")}
	d := deploy(t, simcloud.Options{DataPlane: h}, documents("Standard_D2s_v3"))
	_, err := d.Up()
	require.ErrorContains(t, err, "VM has reported a failure when processing run command 'configure'")
	h.answer = exits(0, "yes")
	changes, err := d.Up()
	require.NoError(t, err)
	assert.Equal(t, 1, changes["update"], "the engine was told of the command that failed, and updates it")
	assert.Equal(t, []string{"echo 1 Standard_D2s_v3", "echo 2 Standard_D2s_v3", "echo 3 Standard_D2s_v3"}, h.scripts,
		"the first is not executed again, though its update succeeded")
}

func TestARefusalReachesTheUser(t *testing.T) {
	t.Parallel()
	d := deploy(t, simcloud.Options{}, func(ctx *pulumi.Context) error {
		_, err := register(ctx, "Subnet", "x", with(subnet("x", "10.0.0.0/24"), "adressPrefix", "10.0.0.0/24"))
		return err
	})
	_, err := d.Stack.Preview(context.WithoutCancel(t.Context()))
	require.ErrorContains(t, err, "unknown property 'adressPrefix'")
}

func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	const secret = "U0VDUkVU"
	d := deploy(t, simcloud.Options{}, func(ctx *pulumi.Context) error {
		var state pulumi.CustomResourceState
		tags := pulumi.StringMap{"password": pulumi.ToSecret(pulumi.String(secret)).(pulumi.StringOutput)}
		return ctx.RegisterResource(token("ResourceGroup"), "rg", pulumi.Map{"resourceGroupName": pulumi.String("rg"), "tags": tags}, &state)
	})
	_, err := d.Up()
	require.NoError(t, err)
	state, err := os.ReadFile(filepath.Join(d.Home, ".pulumi", "stacks", "simcloud", "dev.json"))
	require.NoError(t, err)
	assert.Contains(t, string(state), `"password"`)
	assert.NotContains(t, string(state), secret)
}

func TestTheLogTellsTheOrderOfChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change pulumi.RunFunc
		want   []string
	}{
		"a resize is an update in place": {documents("Standard_D4s_v3"), []string{
			"update vm1 hardwareProfile.vmSize", "update configure1 source.script",
			"update vm2 hardwareProfile.vmSize", "update configure2 source.script",
			"update vm3 hardwareProfile.vmSize", "update configure3 source.script",
		}},
		"other user-data, where asked for, is a replacement": {documentsWith("Standard_D2s_v3", "packages: [jq]"), []string{
			"delete configure1", "delete vm1", "create vm1", "create configure1",
			"delete configure2", "delete vm2", "create vm2", "create configure2",
			"delete configure3", "delete vm3", "create vm3", "create configure3",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t, simcloud.Options{}, documents("Standard_D2s_v3"))
			assert.Equal(t, test.want, d.Order(test.change))
		})
	}
}
