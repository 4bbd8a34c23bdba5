package aws

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

// leastIdle is how long a connection may be idle at least: hosts ask after idle ones every two minutes.
const leastIdle = 150 * time.Second

// nameLife is how long resolvers remember a load balancer's name without a zone, which its brokers may need again by then
// (docs, Network Load Balancers, "DNS name").
const nameLife = time.Minute

// Hazards are what AWS accepts and punishes later: each is a sentence that names the resource, what will happen, and what to
// set. A broker that was restarted is left alone for the time settle before the next is; health checks must see it by then.
func Hazards(view simcloud.View, settle time.Duration) []string {
	h := &hazards{reader: *newReader(view), settle: settle}
	h.places = h.findPlaces()
	for _, balancer := range view.List(tokenLoadBalancer) {
		h.balancer(balancer)
	}
	for _, service := range view.List(tokenEndpointService) {
		h.service(service)
	}
	for _, instance := range view.List(tokenInstance) {
		h.instance(instance)
	}
	return h.Hazards
}

type hazards struct {
	reader
	settle time.Duration
}

func (h *hazards) balancer(balancer *simcloud.Resource) {
	name, p := called("load balancer", balancer), balancer.Properties
	if len(p.Texts("securityGroups")) == 0 {
		h.Warn(name, "it was made without a security group and can never get one; name one in securityGroups")
	} else if p.Text("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic") == "off" {
		h.Warn(name, "its security group is not asked about consumers behind the endpoint service; set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to on")
	}
	nodes := h.nodes(balancer)
	var asked []string // target groups
	for _, listener := range simcloud.ChildrenOf(h, tokenListener, balancer.ID) {
		of := fmt.Sprintf("%s, listener %v", name, listener.Properties.Get("port"))
		if idle := time.Duration(listener.Properties.Number("tcpIdleTimeoutSeconds")) * time.Second; idle > 0 && idle < leastIdle {
			h.Warn(of, "a connection idle for %s is forgotten, before hosts ask after it; set tcpIdleTimeoutSeconds to 350", idle)
		}
		group, ok := h.groupBehind(of, listener)
		if !ok || slices.Contains(asked, group.ID) {
			continue
		}
		asked = append(asked, group.ID)
		h.group(group, crossesZones(balancer, group), len(nodes))
	}
}

func (h *hazards) group(group *simcloud.Resource, crosses bool, zones int) {
	name, p := called("target group", group), group.Properties
	if p.True("proxyProtocolV2") {
		h.Warn(name, "Kafka cannot read the proxy protocol's header, no connection will work; turn proxyProtocolV2 off")
	}
	if p.Text("preserveClientIp") == "true" {
		h.Warn(name, "targets see clients' own addresses, which their security group does not admit; set preserveClientIp to false")
	}
	if p.Text("targetType") == "instance" {
		h.Warn(name, "a machine that is replaced is a target no more, and nobody registers the new one; register addresses: targetType ip")
	}
	if protocol := p.Text("healthCheck.protocol"); protocol != "TCP" {
		h.Warn(name, "its health check asks by %s, which no broker answers, so that none ever counts as healthy; ask by TCP", protocol)
	}
	rule := h.groupRule(group)
	if targets := len(h.targets(group)); rule.FailOpen > targets && targets > 0 {
		h.Warn(name, "it wants %d healthy targets and has %d, so that its health checks never count; set targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount to 1",
			rule.FailOpen, targets)
	}
	in := map[string]int{}
	for _, t := range h.targets(group) {
		zone := t.zone
		if crosses { // what is wanted in a zone may be anywhere
			zone = "all"
		}
		in[zone]++
	}
	switch {
	case rule.KeepsName == 0:
	case !crosses && len(in) < zones:
		h.Warn(name, "it has targets in %d of %d zones, so that every other zone leaves the load balancer's name; set targetGroupHealth.dnsFailover.minimumHealthyTargetsCount to off",
			len(in), zones)
	case h.settle < nameLife && slices.ContainsFunc(slices.Collect(maps.Values(in)), func(targets int) bool { return targets-1 < rule.KeepsName }):
		h.Warn(name, "while the broker of a zone restarts, the zone leaves the load balancer's name, which is remembered for %s, and the next broker is restarted after %s; "+
			"set targetGroupHealth.dnsFailover.minimumHealthyTargetsCount to off", nameLife, h.settle)
	}
	if sees := rule.Probe.Interval * time.Duration(rule.Probe.Threshold); sees >= h.settle {
		h.Warn(name, "its health check takes %s to see that a broker is back, and the next is restarted after %s; ask more often", sees, h.settle)
	}
}

func (h *hazards) service(service *simcloud.Resource) {
	if p := service.Properties; slices.Contains(p.Texts("allowedPrincipals"), "*") && !p.True("acceptanceRequired") {
		h.Warn(called("endpoint service", service), "whoever learns its name is connected without being asked; name the principals in allowedPrincipals")
	}
}

func (h *hazards) instance(instance *simcloud.Resource) {
	name, p := called("instance", instance), instance.Properties
	if p.Text("metadataOptions.httpTokens") != "required" {
		h.Warn(name, "whoever makes a program on it fetch an address gets its role's credentials; set metadataOptions.httpTokens to required")
	}
	if p.Text("metadataOptions.httpEndpoint") == "disabled" {
		h.Warn(name, "it gets no credentials of its role any more, and cannot report; set metadataOptions.httpEndpoint to enabled")
	}
	if (p.Has("userData") || p.Has("userDataBase64")) && !p.True("userDataReplaceOnChange") {
		h.Warn(name, "other user-data stops and starts it, and is not read; set userDataReplaceOnChange")
	}
	if p.Has("rootBlockDevice.deleteOnTermination") && !p.True("rootBlockDevice.deleteOnTermination") {
		h.Warn(name, "its root volume stays when it is replaced; set rootBlockDevice.deleteOnTermination")
	}
	attachments := simcloud.ChildrenOf(h, tokenVolumeAttachment, instance.ID)
	for _, attachment := range attachments {
		switch a := attachment.Properties; {
		case a.True("forceDetach"):
			h.Warn(name, "its data volume is torn off while Kafka writes; set stopInstanceBeforeDetaching in place of forceDetach")
		case !a.True("stopInstanceBeforeDetaching"):
			h.Warn(name, "its data volume cannot be detached while it is mounted, and a replacement hangs; set stopInstanceBeforeDetaching")
		}
	}
	// A machine that keeps nothing, as a bastion, is not one of the quorum's.
	if len(attachments) > 0 && len(p.Objects("networkInterfaces")) == 0 {
		h.Warn(name, "its network interface goes with it, and with that its address, which the quorum knows it by; give it an interface of its own")
	}
}
