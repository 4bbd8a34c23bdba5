package azure

import (
	"path/filepath"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/stacks/base"
	"github.com/kafkalink/kafkalink/stacks/internal/stacktest"
)

// FuzzDecode reads any configuration without panicking, and renders whatever it finds valid.
func FuzzDecode(f *testing.F) {
	seeds, err := filepath.Glob("../../tests/testdata/azure/*/stack.yaml")
	if err != nil {
		f.Fatal(err)
	}
	stacktest.Fuzz(f, Cloud, seeds, func(identity string, values map[string]any) (*base.Stack, kafka.Findings) {
		stack, findings := Decode(identity, values)
		if stack == nil {
			return nil, findings
		}
		return &stack.Stack, findings
	})
}
