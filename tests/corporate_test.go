package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

// corporateNetworkOnAzure is what the scenario own-network finds in its subscription: a resource group for Kafka, and a
// network of other people's with a subnet for brokers and one that Private Link Services may use.
func corporateNetworkOnAzure(w *simcloud.World) error {
	const (
		groups  = "/subscriptions/" + azure.Subscription + "/resourceGroups/"
		subnets = groups + "corp-network/providers/Microsoft.Network/virtualNetworks/corp/subnets/"
	)
	return azure.Existing{
		Location: "eastus",
		Groups:   []string{groups + "corp-kafka"},
		Subnets: []azure.ExistingSubnet{
			{ID: subnets + "kafka", CIDR: "10.20.0.0/24"}, {ID: subnets + "private-link", CIDR: "10.20.1.0/28", Services: true},
		},
	}.Put(w)
}

// corporateNetworkOnAWS is what that scenario finds in its account: a VPC of other people's with a subnet per zone, which a
// NAT gateway lets out.
func corporateNetworkOnAWS(w *simcloud.World) error {
	existing := aws.Existing{}
	for i, zone := range []string{"usw2-az1", "usw2-az2", "usw2-az3"} {
		existing.Subnets = append(existing.Subnets, aws.ExistingSubnet{
			ID: fmt.Sprintf("subnet-0aaaaaaaaaaaaaaa%d", i+1), Vpc: "vpc-0aaaaaaaaaaaaaaaa", CIDR: fmt.Sprintf("10.20.%d.0/24", i), ZoneID: zone, WayOut: true,
		})
	}
	return existing.Put(w)
}

// TestALoadBalancerInASharedNetworkIsOfTheProvidersSubscription has the network in another subscription than everything that is made:
// the load balancer's rules refer to its own parts by ids.
func TestALoadBalancerInASharedNetworkIsOfTheProvidersSubscription(t *testing.T) {
	t.Parallel()
	const (
		other  = "00000000-0000-0000-0000-000000000001"
		subnet = "/subscriptions/" + other + "/resourceGroups/corp-network/providers/Microsoft.Network/virtualNetworks/corp/subnets/"
		group  = "/subscriptions/" + azure.Subscription + "/resourceGroups/corp-kafka"
	)
	r := newRig(t, azureCloud, "own-network")
	r.seed = func(w *simcloud.World) error {
		return azure.Existing{
			Location: "eastus", Groups: []string{group},
			Subnets: []azure.ExistingSubnet{{ID: subnet + "kafka", CIDR: "10.20.0.0/24"}, {ID: subnet + "private-link", CIDR: "10.20.1.0/28", Services: true}},
		}.Put(w)
	}
	r.set(t, map[string]any{"network.brokersSubnet.id": subnet + "kafka", "network.natSubnet.id": subnet + "private-link"})
	r.up(t)
	require.Empty(t, r.up(t))
	for _, id := range r.there {
		if strings.Contains(id, other) {
			require.Contains(t, id, "/corp-network", "nothing is made in the network's subscription")
		}
	}
}
