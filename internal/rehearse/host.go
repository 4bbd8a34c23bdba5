//go:build linux

package rehearse

import (
	"context"
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/lab"
)

// hostOf is the running host of a node, by its address.
func (s *stage) hostOf(node int) (*lab.Host, string, bool) {
	deployed := s.lab.Deployed()
	for _, n := range s.outputs.Cluster.Nodes {
		if n.ID != node {
			continue
		}
		for _, i := range deployed.Fabric.Interfaces {
			if i.Address.String() == n.Address && i.Machine != "" {
				host, ok := s.lab.Host(i.Machine)
				return host, i.Machine, ok
			}
		}
	}
	return nil, "", false
}

// behind is the machine that an interface is attached to.
func (s *stage) behind(networkInterface string) (string, bool) {
	for _, i := range s.lab.Deployed().Fabric.Interfaces {
		if i.ID == networkInterface && i.Machine != "" {
			return i.Machine, true
		}
	}
	return "", false
}

// checkHost runs what the documents check by hand, on the first broker.
func (s *stage) checkHost(ctx context.Context) (string, error) {
	if len(s.links) == 0 || len(s.links[0].PortMap) == 0 {
		return "no link, nothing to check", nil
	}
	brokers := s.links[0].PortMap
	host, machine, ok := s.hostOf(brokers[0].NodeID)
	if !ok {
		return "", fmt.Errorf("node %d does not run", brokers[0].NodeID)
	}
	replication := fmt.Sprintf("REPLICATION=%d", min(len(brokers), 3))
	for _, command := range []struct {
		name string
		want []string
	}{
		{"check", s.advertisedNames()},
		{"produce", []string{"wrote 10 messages to test-topic"}},
		{"consume", []string{"message 1 ", "message 10 "}},
		{"status", []string{"service: active", "partitions not in sync: none"}},
	} {
		result, err := host.Exec(ctx, "env", replication, "kafkalink-host", command.name)
		if err != nil {
			return "", err
		}
		for _, text := range command.want {
			if result.ExitCode != 0 || !strings.Contains(result.Stdout, text) {
				s.report.Failure = &rehearsal.Failure{
					What:     fmt.Sprintf("`kafkalink-host %s` on %s does not say %q", command.name, s.called(machine), strings.TrimSpace(text)),
					Guilty:   "machine " + s.called(machine),
					Evidence: append([]string{strings.TrimSpace(result.Stdout + result.Stderr)}, s.hostEvidence(ctx, machine)...),
				}
				return "", nil
			}
		}
	}
	return "bootstrap on every listener, 10 messages written and read, all replicas in sync on " + s.called(machine), nil
}

// advertisedNames are what a broker must list on the links' listeners.
func (s *stage) advertisedNames() (names []string) {
	for _, l := range s.links {
		for _, route := range l.PortMap {
			names = append(names, fmt.Sprintf("%s:%d (id: %d", route.AdvertisedHost, route.EndpointPort, route.NodeID))
		}
	}
	return names
}

// deployFailed tells why a host made the deployment fail.
func (s *stage) deployFailed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	failure := &rehearsal.Failure{What: "the stack does not deploy"}
	for _, machine := range s.lab.Deployed().Machines {
		host, ok := s.lab.Host(machine.ID)
		if !ok {
			failure.Evidence = append(failure.Evidence, fmt.Sprintf("machine %s does not run", machine.Name))
			continue
		}
		failure.Evidence = append(failure.Evidence, s.hostEvidence(ctx, machine.ID)...)
		if status := host.CloudInit(ctx); strings.Contains(status, "error") {
			failure.Evidence = append(failure.Evidence, fmt.Sprintf("%s, cloud-init: %s", machine.Name, status))
		}
	}
	s.report.Failure = failure
	return err
}
