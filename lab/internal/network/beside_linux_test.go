package network

import (
	"fmt"
	"net/netip"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

func TestWhatIsBesideMachinesPassesFiltersAndWhatIsOnTheInternetNeedsAWayOut(t *testing.T) {
	t.Parallel()
	metadata, api := netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("203.0.113.20")
	prefix := fmt.Sprintf("kltest%dx%d", os.Getpid(), opened.Add(1))
	n, err := Open(t.Context(), Options{Prefix: prefix, Mirror: mirror, Beside: []netip.Addr{metadata}, Internet: []netip.Addr{api}, Log: t.Logf})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, n.Close())
		requireNothingLeft(t, prefix)
	})
	f := world()
	f.Interfaces[0].Outbound = []fabric.Filter{{Name: `security group "closed"`}}
	f.Interfaces[1].Egress = fabric.Egress{}
	apply(t, n, f)
	serve(t, n.Cloud(), "metadata", 80)
	serve(t, n.Internet(), "api", 443)
	for i, id := range []string{broker0, broker1, broker2} {
		require.Equal(t, "metadata saw "+f.Interfaces[i].Address.String(), ask(t, hostOf(t, n, id), metadata, 80))
	}
	requireDrop(t, n, hostOf(t, n, broker0), api, 443, `network interface "kafka-0", outbound: denied by security group "closed", none of whose rules matches`)
	requireDrop(t, n, hostOf(t, n, broker1), api, 443, `network interface "kafka-1": no way out to the internet`)
	require.Equal(t, "api saw 198.51.100.7", ask(t, hostOf(t, n, broker2), api, 443))
	requireSilence(t, n.Consumer(), metadata, 80)
}
