package tests

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// TestADestroyWaitsForInterfacesThatAzureKeeps destroys a cluster on an Azure that keeps network interfaces for a while after their
// machines: the provider hands its refusal on, the driver waits and tries again.
func TestADestroyWaitsForInterfacesThatAzureKeeps(t *testing.T) {
	t.Parallel()
	keeping := func(reservation time.Duration) func(*simcloud.Options) {
		return func(o *simcloud.Options) {
			for i, cloud := range o.Clouds {
				if cloud.Package == "azure-native" {
					o.Clouds[i] = azure.CloudWith(azure.Features{Reservation: reservation})
				}
			}
		}
	}
	everything := automation.DestroyOptions{DeleteData: true}
	r := newRig(t, azureCloud, "documents")
	r.up(t)
	r.prepare = keeping(15 * time.Second)
	var waited []string
	_, err := r.open(t).Destroy(t.Context(), everything, func(e automation.Event) {
		if phase, ok := e.(*automation.Phase); ok && strings.HasPrefix(phase.Name, "waiting ") {
			waited = append(waited, phase.Name)
		}
	})
	require.NoError(t, err)
	require.Empty(t, r.there)
	require.NotEmpty(t, waited)
	require.Regexp(t, `^waiting \d+s, as the cloud asks, before trying again what it refused$`, waited[0])

	r = newRig(t, azureCloud, "documents")
	r.up(t)
	r.prepare = keeping(time.Hour)
	_, err = r.open(t).Destroy(t.Context(), everything, nil)
	require.ErrorContains(t, err, "NicReservedForAnotherVm", "nobody waits for an hour")
}
