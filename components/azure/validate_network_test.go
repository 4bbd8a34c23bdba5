package azure

import (
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/address"
	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestANewNetworkWithoutAWayOutBringsAWarning(t *testing.T) {
	t.Parallel()
	for outbound, warnings := range map[string]int{address.OutboundNATGateway: 0, address.OutboundNone: 1} {
		plan := NetworkPlan{Outbound: outbound}.WithDefaults("kafka")
		findings := plan.Validate(field.NewPath("network"), kafka.Spec{Zones: []string{"1"}})
		require.Empty(t, findings.Errors)
		require.Len(t, findings.Warnings, warnings, outbound)
		for _, warning := range findings.Warnings {
			require.ErrorContains(t, warning, "network.outbound: Invalid value: \"none\": leaves a new network without a way to Azure")
		}
	}
}
