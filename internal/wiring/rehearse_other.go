//go:build !linux

package wiring

import "github.com/kafkalink/kafkalink/automation/rehearsal"

// Rehearser is nil: a lab needs Linux.
func Rehearser() rehearsal.Rehearser { return nil }
