package wiring

import (
	"github.com/kafkalink/kafkalink/automation/rehearsal"
	"github.com/kafkalink/kafkalink/internal/rehearse"
)

// Rehearser rehearses the clouds of this binary.
func Rehearser() rehearsal.Rehearser {
	return rehearse.Rehearser{Clouds: []rehearse.Cloud{rehearse.Azure(), rehearse.AWS()}}
}
