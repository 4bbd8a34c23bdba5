//go:build linux

package rehearse

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab"
	"github.com/kafkalink/kafkalink/lab/fabric"
)

func portOf(endpoint string) int {
	_, text, _ := net.SplitHostPort(endpoint)
	port, _ := strconv.Atoi(text)
	return port
}

// guilty finds the hop at which a link fails, going after the packets.
func (s *stage) guilty(ctx context.Context, l link, seen rehearsal.Link, problems []string) *rehearsal.Failure {
	failure := &rehearsal.Failure{
		What: fmt.Sprintf("link %q does not work: %s", l.name, strings.Join(problems, "; ")),
	}
	for _, port := range seen.Ports {
		if !port.Right() {
			s.blame(ctx, l, port, failure)
		}
	}
	return failure
}

// blame follows one port's packets. The first port names the guilty hop; all give evidence.
func (s *stage) blame(ctx context.Context, l link, port rehearsal.Port, failure *rehearsal.Failure) {
	trace, err := s.lab.Trace(ctx, l.connection, l.zoneAt(port.Port), uint16(port.Port))
	if err != nil {
		failure.Evidence = append(failure.Evidence, fmt.Sprintf("port %d: cannot be traced: %v", port.Port, err))
		return
	}
	say := func(format string, args ...any) {
		failure.Evidence = append(failure.Evidence, fmt.Sprintf("port %d: ", port.Port)+fmt.Sprintf(format, args...))
	}
	for _, hop := range trace.Hops {
		say("%s", hopText(hop))
	}
	guilty := ""
	hop, found := trace.Guilty()
	switch {
	case found && hop.Kind == lab.Balancer:
		guilty = hopText(hop) + s.unhealthy(ctx, l, port, failure) + l.elsewhere(s.lab.Deployed().Fabric, s.outputs.Cluster.Nodes, port.Port)
	case found:
		guilty = hopText(hop)
		if machine, ok := s.behind(hop.Interface); ok && hop.Kind == lab.Guest {
			evidence := s.hostEvidence(ctx, machine)
			failure.Evidence = append(failure.Evidence, evidence...)
			guilty += "; " + evidence[0]
		}
	case port.Reached != 0:
		guilty = s.misrouted(l, port, say)
	default: // it connects, and no broker answers
		if machine, ok := s.behind(target(trace)); ok {
			evidence := s.hostEvidence(ctx, machine)
			failure.Evidence = append(failure.Evidence, evidence...)
			guilty = evidence[0]
		}
	}
	if failure.Guilty == "" {
		failure.Guilty = guilty
	}
}

// unhealthy tells why a load balancer has nobody to send a port's packets to.
func (s *stage) unhealthy(ctx context.Context, l link, port rehearsal.Port, failure *rehearsal.Failure) (why string) {
	network := s.lab.Deployed().Fabric
	for _, rule := range network.Rules {
		if int(rule.Frontend.Port()) != port.Port || !l.leadsTo(network, rule, l.zoneAt(port.Port)) {
			continue
		}
		for _, target := range rule.Targets {
			i := slices.IndexFunc(network.Interfaces, func(i fabric.Interface) bool { return i.ID == target.Interface })
			if i < 0 {
				continue
			}
			asked, prober := netip.AddrPortFrom(target.Address.Addr(), rule.Probe.PortAt(target)), netip.AddrPortFrom(network.ProberOf(rule), 0)
			if node, ok := network.NodeAt(prober.Addr()); ok {
				if by, denied := fabric.Denied(node.Outbound, "tcp", prober, asked); denied {
					why += fmt.Sprintf("; its probes are not let out by %s", by)
					continue
				}
			}
			if by, denied := network.Interfaces[i].Denied("tcp", prober, asked); denied {
				why += fmt.Sprintf("; its probes are denied by %s", by)
				continue
			}
			evidence := s.hostEvidence(ctx, network.Interfaces[i].Machine)
			failure.Evidence = append(failure.Evidence, evidence...)
			why += "; " + evidence[0]
		}
	}
	return why
}

// elsewhere says where a port leads in other zones than the one in which its broker's name is; "" if nowhere.
func (l link) elsewhere(network fabric.Fabric, nodes []kafka.NodeOutputs, port int) string {
	route, ok := l.route(port)
	here := l.zoneAt(port)
	for _, zone := range l.zones() {
		for _, rule := range network.Rules {
			if !ok || zone == here || int(rule.Frontend.Port()) != port || !l.leadsTo(network, rule, zone) {
				continue
			}
			for _, target := range rule.Targets {
				i := slices.IndexFunc(nodes, func(n kafka.NodeOutputs) bool { return n.Address == target.Address.Addr().String() })
				switch {
				case i < 0:
				case nodes[i].ID != route.NodeID:
					return fmt.Sprintf("; %s sends port %d to node %d, and node %d advertises it", rule.Name, port, nodes[i].ID, route.NodeID)
				default:
					return fmt.Sprintf("; node %d is in %s, and advertises itself as %s, which is in %s: only %s leads to it",
						route.NodeID, zone, route.AdvertisedHost, here, rule.Name)
				}
			}
		}
	}
	return ""
}

// leadsTo says whether a rule is that of a frontend that a link's endpoint leads to, in a zone.
func (l link) leadsTo(network fabric.Fabric, rule fabric.Rule, zone string) bool {
	i := slices.IndexFunc(network.Services, func(service fabric.Service) bool { return strings.EqualFold(service.ID, l.Service.ID) })
	return i < 0 || rule.Frontend.Addr() == network.Services[i].FrontendIn(zone)
}

// misrouted says where a port leads instead.
func (s *stage) misrouted(l link, port rehearsal.Port, say func(string, ...any)) string {
	for _, rule := range s.lab.Deployed().Fabric.Rules {
		if int(rule.Frontend.Port()) != port.Port {
			continue
		}
		for _, target := range rule.Targets {
			say("%s sends to %s", rule.Name, target.Address)
			for _, node := range s.outputs.Cluster.Nodes {
				if node.Address == target.Address.Addr().String() && node.ID != port.Wanted {
					return fmt.Sprintf("%s sends port %d to node %d, and node %d advertises it", rule.Name, port.Port, node.ID, port.Wanted)
				}
			}
		}
	}
	return fmt.Sprintf("port %d of link %q leads to node %d, and node %d advertises it", port.Port, l.name, port.Reached, port.Wanted)
}

// hostEvidence is what a broker's host says of itself, what is wrong first.
func (s *stage) hostEvidence(ctx context.Context, machine string) []string {
	host, ok := s.lab.Host(machine)
	if !ok {
		return []string{fmt.Sprintf("machine %s does not run", s.called(machine))}
	}
	var evidence []string
	tell := func(what string, args ...string) {
		result, err := host.Exec(ctx, args...)
		text := strings.TrimSpace(result.Stdout + result.Stderr)
		if err != nil {
			text = err.Error()
		}
		if text != "" {
			evidence = append(evidence, fmt.Sprintf("%s, %s: %s", s.called(machine), what, text))
		}
	}
	tell("data disk", "sh", "-c", "df --output=pcent,avail /var/lib/kafka | tail -n 1 | awk '{ print $1 \" used, \" $2 \" KiB free\" }'")
	tell("kafka.service", "systemctl", "is-active", "kafka.service")
	tell("Kafka's log", "sh", "-c", "grep -E 'ERROR|FATAL' /var/log/kafka/server.log | tail -n 5 | cut -c1-300")
	tell("cloud-init", "cloud-init", "status")
	slices.SortStableFunc(evidence, func(a, b string) int { return weight(b) - weight(a) })
	return evidence
}

// weight puts what explains most first.
func weight(evidence string) int {
	for i, sign := range []string{"cloud-init: status: error", "kafka.service: failed", "kafka.service: activating", "100% used"} {
		if strings.Contains(evidence, sign) {
			return i + 1
		}
	}
	return 0
}

// called is how people call what has an id.
func (s *stage) called(id string) string {
	if r, ok := s.server.View().Get(id); ok {
		return s.cloud.Called(r)
	}
	return id
}

func hopText(h lab.Hop) string {
	text := fmt.Sprintf("%s %s", h.What, h.Verdict)
	if h.Detail != "" {
		text += " (" + h.Detail + ")"
	}
	return text
}

// target is the id of the network interface that a trace ended at, if it came so far.
func target(t lab.Trace) string {
	for _, hop := range slices.Backward(t.Hops) {
		if hop.Interface != "" {
			return hop.Interface
		}
	}
	return ""
}
