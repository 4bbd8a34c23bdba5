package automation

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAResourceIsNamedInWords(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"urn:pulumi:dev::house::azure-native:network:PrivateLinkService::kafka-pls":                         "private link service kafka-pls",
		"urn:pulumi:dev::house::kafkalink:azure:Network$azure-native:network:NatGateway::n":                 "nat gateway n",
		"urn:pulumi:dev::house::aws:ec2/vpc:Vpc::v":                                                         "vpc v",
		"urn:pulumi:dev::house::aws:lb/loadBalancer:NLBTarget::t":                                           "nlb target t",
		"urn:pulumi:dev::house::azure-native:compute:VirtualMachineRunCommandByVirtualMachine::brokers-1-c": "virtual machine run command by virtual machine brokers-1-c",
	}
	for urn, want := range cases {
		require.Equal(t, want, nameResource(urn, false, nil).Label)
	}
	labelled := nameResource("urn:pulumi:dev::house::a:b:C::disk-1", false, func(Resource) string { return "disk of node 1" })
	require.Equal(t, Resource{
		URN: "urn:pulumi:dev::house::a:b:C::disk-1", Type: "a:b:C", Name: "disk-1", Label: "disk of node 1",
	}, labelled)
}
