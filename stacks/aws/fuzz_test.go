package aws

import (
	"testing"

	"github.com/kafkalink/kafkalink/components/aws"
	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

// FuzzDecode reads any configuration without panicking, and renders whatever it finds valid.
func FuzzDecode(f *testing.F) {
	stacktest.Fuzz(f, Cloud, aws.MostUserData, decoded)
}

// TestDisturbedConfigurations reads configurations that were valid before something was changed.
func TestDisturbedConfigurations(t *testing.T) {
	t.Parallel()
	stacktest.Disturb(t, Cloud, aws.MostUserData, decoded)
}

func decoded(identity string, values map[string]any) (*base.Stack, kafka.Findings) {
	stack, findings := Decode(identity, values)
	if stack == nil {
		return nil, findings
	}
	return &stack.Stack, findings
}
