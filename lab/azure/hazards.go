package azure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

// privateLinkIdle is after how long a Private Link Service forgets an idle connection, without telling either side
// (learn.microsoft.com, "What is Azure Private Link service?", limitations).
const privateLinkIdle = 5 * time.Minute

// Hazards are what Azure accepts and punishes later: each is a sentence that names the resource, what will happen, and
// what to set. A broker that was restarted is left alone for the time settle before the next is; probes must see it by
// then.
func Hazards(view simcloud.View, settle time.Duration) []string {
	h := &hazards{reader: *newReader(view), settle: settle}
	for _, balancer := range view.List(tokenLoadBalancer) {
		h.balancer(balancer)
	}
	for _, service := range view.List(tokenPrivateLinkService) {
		h.service(service)
	}
	for _, machine := range view.List(tokenVirtualMachine) {
		h.machine(machine)
		for _, reference := range interfacesOf(machine) {
			if nic, ok := view.Get(reference.Text("id")); ok {
				h.networkInterface(nic)
			}
		}
	}
	return h.Hazards
}

type hazards struct {
	reader
	settle time.Duration
}

func (h *hazards) balancer(balancer *simcloud.Resource) {
	name := called("load balancer", balancer.ID)
	members := map[string]bool{} // zones
	for _, rule := range balancer.Properties.Objects("loadBalancingRules") {
		h.rule(name, balancer, rule)
		for _, zone := range h.zonesBehind(balancer, rule) {
			members[zone] = true
		}
	}
	for _, frontend := range balancer.Properties.Objects("frontendIPConfigurations") {
		for zone := range members {
			if !slices.Contains(frontend.Texts("zones"), zone) {
				h.Warn(name, "brokers are in zone %s, and frontend %q is not: what fails elsewhere takes the way to them along; name every zone in its zones",
					zone, frontend.Text("name"))
				break
			}
		}
	}
}

func (h *hazards) rule(name string, balancer *simcloud.Resource, rule simcloud.Properties) {
	name = fmt.Sprintf("%s, rule %q", name, rule.Text("name"))
	idle := time.Duration(rule.Number("idleTimeoutInMinutes")) * time.Minute
	if !rule.True("enableTcpReset") {
		h.Warn(name, "a connection idle for %s is dropped, and neither side is told; set enableTcpReset", idle)
	}
	if idle >= privateLinkIdle {
		h.Warn(name, "idleTimeoutInMinutes is %v, but the Private Link Service in front drops idle connections after about %s, and tells nobody; set it to 4",
			rule.Number("idleTimeoutInMinutes"), privateLinkIdle)
	}
	probe, ok := h.part(balancer, "probes", rule.Text("probe.id"))
	if !ok {
		h.Warn(name, "it has no probe, and sends to brokers that are down; give it one")
		return
	}
	asked := h.probe(balancer, name, rule.Text("probe.id"))
	if asked.Threshold < 2 {
		h.Warn(name, "one lost answer to probe %q takes a broker out; set probeThreshold to 2", probe.Text("name"))
	}
	if sees := asked.Interval * time.Duration(asked.Threshold); sees >= h.settle {
		h.Warn(name, "probe %q takes %s to see that a broker is back, and the next is restarted after %s; ask more often", probe.Text("name"), sees, h.settle)
	}
}

// zonesBehind are the zones of the machines that a rule sends to.
func (h *hazards) zonesBehind(balancer *simcloud.Resource, rule simcloud.Properties) (zones []string) {
	for _, member := range h.interfaces() {
		if machine, ok := h.Get(member.Machine); ok && h.serves(balancer, rule, member) {
			zones = append(zones, machine.Properties.Texts("zones")...)
		}
	}
	return zones
}

func (h *hazards) service(service *simcloud.Resource) {
	name := called("private link service", service.ID)
	if slices.Contains(service.Properties.Texts("autoApproval.subscriptions"), "*") {
		h.Warn(name, "whoever learns its alias is connected without being asked; name the subscriptions in autoApproval")
	}
	if service.Properties.True("enableProxyProtocol") {
		h.Warn(name, "Kafka cannot read the proxy protocol's header, no connection will work; turn enableProxyProtocol off")
	}
}

func (h *hazards) machine(machine *simcloud.Resource) {
	name, p := called("virtual machine", machine.ID), machine.Properties
	if !hasAgent(p) {
		h.Warn(name, "without the agent no Run Command reaches it, and it cannot be configured; set provisionVMAgent")
	}
	if mode := p.Text("osProfile.linuxConfiguration.patchSettings.patchMode"); strings.EqualFold(mode, "AutomaticByPlatform") {
		h.Warn(name, "Azure patches and restarts it by itself, several brokers at once perhaps; set patchMode to ImageDefault")
	}
	if !p.True("diagnosticsProfile.bootDiagnostics.enabled") {
		h.Warn(name, "if it does not boot, nobody can see why; enable bootDiagnostics")
	}
	if !strings.EqualFold(p.Text("storageProfile.osDisk.deleteOption"), "Delete") {
		h.Warn(name, "its OS disk stays when the machine is replaced, and the next one cannot have its name; set deleteOption to Delete")
	}
	for _, disk := range p.Objects("storageProfile.dataDisks") {
		if strings.EqualFold(disk.Text("deleteOption"), "Delete") {
			h.Warn(name, "its data disk is deleted with the machine, records and all; set deleteOption to Detach")
		}
		if strings.EqualFold(disk.Text("caching"), "ReadWrite") {
			h.Warn(name, "writes to its data disk wait in the host's cache, and are lost with it; set caching to None")
		}
	}
	for _, reference := range interfacesOf(machine) {
		if strings.EqualFold(reference.Text("deleteOption"), "Delete") {
			h.Warn(name, "its network interface is deleted with the machine, and its address is anybody's; set deleteOption to Detach")
		}
	}
}

func (h *hazards) networkInterface(nic *simcloud.Resource) {
	name := called("network interface", nic.ID)
	if c := h.primaryConfiguration(nic); !strings.EqualFold(c.Text("privateIPAllocationMethod"), "Static") {
		h.Warn(name, "its address may change when the machine is deallocated, and the quorum knows it by that; set privateIPAllocationMethod to Static")
	}
}
