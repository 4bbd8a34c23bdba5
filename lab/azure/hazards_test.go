package azure

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

const settle = 15 * time.Second

func TestTheDocumentsSetUpHasNoHazard(t *testing.T) {
	t.Parallel()
	require.Empty(t, Hazards(documents(t).View(), settle))
}

// TestEveryHazardIsNamed brings about one at a time.
func TestEveryHazardIsNamed(t *testing.T) {
	t.Parallel()
	part := func(list, path string, value any) func(simcloud.Properties) {
		return func(p simcloud.Properties) { p.Objects(list)[0].Set(path, value) }
	}
	set := func(path string, value any) func(simcloud.Properties) {
		return func(p simcloud.Properties) { p.Set(path, value) }
	}
	disk := func(path string, value any) func(simcloud.Properties) {
		return func(p simcloud.Properties) { p.Objects("storageProfile.dataDisks")[0].Set(path, value) }
	}
	for _, c := range []struct {
		id     string
		change func(simcloud.Properties)
		want   string
	}{
		{balancer, part("loadBalancingRules", "enableTcpReset", false), `load balancer "kafka-lb", rule "rule1": a connection idle for 4m0s is dropped`},
		{balancer, part("loadBalancingRules", "idleTimeoutInMinutes", 5.0), `rule "rule1": idleTimeoutInMinutes is 5`},
		{balancer, part("loadBalancingRules", "probe", nil), `rule "rule1": it has no probe`},
		{balancer, part("probes", "probeThreshold", 1.0), `rule "rule1": one lost answer to probe "kafka-lb-hp1" takes a broker out`},
		{balancer, part("probes", "intervalInSeconds", 10.0), `probe "kafka-lb-hp1" takes 20s to see that a broker is back, and the next is restarted after 15s`},
		{balancer, part("frontendIPConfigurations", "zones", []any{"1", "3"}), `brokers are in zone 2, and frontend "kafka-lb-ip" is not`},
		{service, set("autoApproval.subscriptions", []any{"*"}), `private link service "kafka-pls": whoever learns its alias is connected`},
		{service, set("enableProxyProtocol", true), `private link service "kafka-pls": Kafka cannot read the proxy protocol's header`},
		{vm(1), set("osProfile.linuxConfiguration.provisionVMAgent", false), `virtual machine "broker-node-1": without the agent`},
		{vm(1), set("osProfile.linuxConfiguration.patchSettings.patchMode", "AutomaticByPlatform"), `Azure patches and restarts it by itself`},
		{vm(1), set("diagnosticsProfile.bootDiagnostics.enabled", false), `if it does not boot, nobody can see why`},
		{vm(1), set("storageProfile.osDisk.deleteOption", "Detach"), `its OS disk stays`},
		{vm(1), disk("deleteOption", "Delete"), `its data disk is deleted with the machine`},
		{vm(1), disk("caching", "ReadWrite"), `writes to its data disk wait in the host's cache`},
		{vm(1), func(p simcloud.Properties) {
			p.Objects("networkProfile.networkInterfaces")[0].Set("deleteOption", "Delete")
		}, `its network interface is deleted with the machine`},
		{nic(1), part("ipConfigurations", "privateIPAllocationMethod", "Dynamic"), `network interface "broker-node-1-nic": its address may change`},
	} {
		server := documents(t)
		mutate(t, server, func(world *simcloud.World) {
			world.Change(c.id, func(r *simcloud.Resource) { c.change(r.Properties) })
		})
		found := Hazards(server.View(), settle)
		require.Len(t, found, 1, "%s", c.want)
		require.Contains(t, found[0], c.want)
	}
}
