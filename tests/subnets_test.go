package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

// TestNothingIsMadeInANetworkWhileItsSubnetsAreWritten: Azure refuses a reference to a subnet while another one of its network is
// being written (ReferencedResourceNotProvisioned), and a second change of the network's subnets meanwhile.
func TestNothingIsMadeInANetworkWhileItsSubnetsAreWritten(t *testing.T) {
	t.Parallel()
	const subnet = "azure-native:network:Subnet"
	for seed := range int64(3) {
		r := newRig(t, azureCloud, "documents")
		r.prepare = slowly(seed)
		made := r.up(t)
		var subnets int
		for _, s := range made {
			if s.Type != subnet {
				continue
			}
			subnets++
			for _, other := range made {
				if other.URN != s.URN && refersToSubnets(other) {
					require.False(t, s.Overlaps(other), "%s while %s is written", other.Name, s.Name)
				}
			}
		}
		require.Greater(t, subnets, 1)
	}
}

// refersToSubnets says whether a resource names a subnet of the network, or is one.
func refersToSubnets(o simcloud.Operation) bool {
	for _, kind := range []string{":Subnet", ":LoadBalancer", ":NetworkInterface", ":PrivateLinkService"} {
		if strings.HasSuffix(o.Type, kind) {
			return true
		}
	}
	return false
}
