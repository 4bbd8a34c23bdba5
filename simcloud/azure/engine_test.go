package azure_test

import (
	"context"
	"encoding/base64"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// pulumiCommand finds the Pulumi CLI: $KAFKALINK_PULUMI, the repository's bin/pulumi, or one on PATH.
func pulumiCommand(t *testing.T) auto.PulumiCommand {
	t.Helper()
	path := os.Getenv("KAFKALINK_PULUMI")
	if path == "" {
		path, _ = filepath.Abs("../../bin/pulumi")
		if _, err := os.Stat(path); err != nil {
			path, _ = exec.LookPath("pulumi")
		}
	}
	require.NotEmpty(t, path, "no Pulumi CLI: run `make bin/pulumi`, install pulumi, or name one in KAFKALINK_PULUMI")
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "bin"), 0o755))
	require.NoError(t, os.Symlink(path, filepath.Join(root, "bin", "pulumi")))
	command, err := auto.NewPulumiCommand(&auto.PulumiCommandOptions{Root: root})
	require.NoError(t, err, "the Pulumi CLI at %s: run `make bin/pulumi` for the right one", path)
	return command
}

// deployment is one stack of its own, with its own Pulumi home, backend and work directory.
type deployment struct {
	t       *testing.T
	options simcloud.Options
	server  *simcloud.Server
	stack   auto.Stack
	command auto.PulumiCommand
	home    string
}

func deploy(t *testing.T, options simcloud.Options, program pulumi.RunFunc) *deployment {
	options.Clouds = []*simcloud.Cloud{azure.Cloud()}
	options.StateFile = filepath.Join(t.TempDir(), "azure.json")
	d := &deployment{t: t, options: options, command: pulumiCommand(t), home: t.TempDir()}
	d.serve(program)
	require.NoError(t, d.stack.SetConfig(t.Context(), "azure-native:location", auto.ConfigValue{Value: "eastus"}))
	return d
}

// serve starts the cloud, again perhaps, with a program to deploy on it.
func (d *deployment) serve(program pulumi.RunFunc) {
	d.t.Helper()
	var err error
	d.server, err = simcloud.Serve(d.t.Context(), d.options)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { require.NoError(d.t, d.server.Close()) })
	environment := map[string]string{
		"PULUMI_CONFIG_PASSPHRASE": "test", "PULUMI_BACKEND_URL": "file://" + d.home, "PULUMI_SKIP_UPDATE_CHECK": "true",
	}
	for _, line := range d.server.Environment() {
		name, value, _ := strings.Cut(line, "=")
		environment[name] = value
	}
	work := filepath.Join(d.home, "work")
	require.NoError(d.t, os.MkdirAll(work, 0o755))
	d.stack, err = auto.UpsertStackInlineSource(d.t.Context(), "dev", "simcloud", program,
		auto.Pulumi(d.command), auto.PulumiHome(d.home), auto.WorkDir(work), auto.EnvVars(environment))
	require.NoError(d.t, err)
}

func (d *deployment) up() (map[string]int, error) {
	result, err := d.stack.Up(context.WithoutCancel(d.t.Context()), optup.SuppressProgress())
	if err != nil || result.Summary.ResourceChanges == nil {
		return nil, err
	}
	return *result.Summary.ResourceChanges, nil
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
	d := deploy(t, simcloud.Options{}, documents("Standard_D2s_v3"))
	ctx := context.WithoutCancel(t.Context())

	preview, err := d.stack.Preview(ctx, optpreview.SuppressProgress())
	require.NoError(t, err)
	assert.Equal(t, resources+1, preview.ChangeSummary[apitype.OpCreate], "created, with the stack itself")
	assert.Empty(t, d.server.Operations(), "a preview changes nothing")

	changes, err := d.up()
	require.NoError(t, err)
	assert.Equal(t, resources+1, changes["create"])

	require.NoError(t, d.server.Close())
	d.serve(documents("Standard_D2s_v3")) // the same cloud, another day
	changes, err = d.up()
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"same": resources + 1}, changes)

	_, err = d.stack.Refresh(ctx, optrefresh.SuppressProgress())
	require.NoError(t, err)
	changes, err = d.up()
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"same": resources + 1}, changes, "a refresh without drift brings no changes")

	require.NoError(t, d.server.Mutate(func(world *simcloud.World) error {
		world.Change(prefix+"Microsoft.Network/networkSecurityGroups/nsg/securityRules/rule", func(r *simcloud.Resource) { r.Properties["access"] = "Deny" })
		world.Delete(prefix + "Microsoft.Network/privateLinkServices/service")
		return nil
	}))
	_, err = d.stack.Refresh(ctx, optrefresh.SuppressProgress())
	require.NoError(t, err)
	changes, err = d.up()
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"create": 1, "update": 1, "same": resources - 1}, changes, "drift is put right")

	_, err = d.stack.Destroy(ctx)
	require.NoError(t, err)
	assert.Empty(t, d.server.View().List(""))
}

func TestAFailedOperationIsRecoveredFrom(t *testing.T) {
	t.Parallel()
	d := deploy(t, simcloud.Options{FailOperation: 12}, documents("Standard_D2s_v3"))
	_, err := d.up()
	require.ErrorContains(t, err, "simulated failure of operation 12: create of azure-native:compute:Disk")
	changes, err := d.up()
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"create": resources - 11, "same": 12}, changes)
}

func TestAFailedCommandGoesGreenWithoutRunning(t *testing.T) {
	t.Parallel()
	h := &host{answer: exits(1, "no")}
	d := deploy(t, simcloud.Options{DataPlane: h}, documents("Standard_D2s_v3"))
	_, err := d.up()
	require.ErrorContains(t, err, "VM has reported a failure when processing run command 'configure'")
	h.answer = exits(0, "yes")
	changes, err := d.up()
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
	_, err := d.stack.Preview(context.WithoutCancel(t.Context()))
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
	_, err := d.up()
	require.NoError(t, err)
	state, err := os.ReadFile(filepath.Join(d.home, ".pulumi", "stacks", "simcloud", "dev.json"))
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
			_, err := d.up()
			require.NoError(t, err)
			before := len(d.server.Operations())
			d.stack.Workspace().SetProgram(test.change)
			_, err = d.up()
			require.NoError(t, err)
			var order []string
			for _, op := range d.server.Operations()[before:] {
				assert.True(t, op.Succeeded(), "%+v", op)
				order = append(order, strings.TrimSpace(string(op.Kind)+" "+op.Name+" "+strings.Join(op.Changed, ",")))
			}
			assert.Equal(t, test.want, order)
		})
	}
}
