//go:build linux

package rehearse

import (
	"fmt"

	"github.com/kafkalink/kafkalink/automation/rehearsal"
)

// instructions are commands for who looks around in a rehearsal that goes on.
func (s *stage) instructions() []rehearsal.Instruction {
	var list []rehearsal.Instruction
	for _, machine := range s.lab.Deployed().Machines {
		if host, ok := s.lab.Host(machine.ID); ok {
			list = append(list, rehearsal.Instruction{
				Does: "a shell on " + machine.Name, Command: fmt.Sprintf("nsenter --target %d --all bash", host.Leader()),
			})
		}
	}
	client := s.lab.ConsumerCommand("bash")
	list = append(list, rehearsal.Instruction{Does: "a shell in the consumer's network, with its names", Command: client})
	for _, l := range s.links {
		if len(l.BootstrapPorts) > 0 {
			list = append(list, rehearsal.Instruction{
				Does:    "what a client of link " + l.name + " sees (kcat must be installed)",
				Command: s.lab.ConsumerCommand(fmt.Sprintf("kcat -b %s:%d -L", l.endpoints[l.zoneAt(l.BootstrapPorts[0])], l.BootstrapPorts[0])),
			})
		}
	}
	return list
}
