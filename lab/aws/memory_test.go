package aws

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

func TestMemories(t *testing.T) {
	t.Parallel()
	const mib, gib = 1, 1 << 10
	for name, want := range map[string]int{
		"t2.nano": 512 * mib, "t3.micro": 1 * gib, "t3.medium": 4 * gib, "t2.large": 8 * gib, "t3.xlarge": 16 * gib, "t3a.2xlarge": 32 * gib,
		"m7g.medium": 4 * gib, "m6i.large": 8 * gib, "m6i.24xlarge": 384 * gib, "c7i.xlarge": 8 * gib, "r6i.2xlarge": 64 * gib, "i4i.large": 16 * gib, "d3.xlarge": 32 * gib,
		"": 0, "m6i": 0, ".large": 0, "m6i.metal": 0, "m6i.99xlarge": 0, "z9.huge": 0,
	} {
		require.Equal(t, want, memoryOf(name), name)
	}
}

func TestEveryTypeOfTheSimulatedCloudIsKnown(t *testing.T) {
	t.Parallel()
	options := simcloud.Options{Clouds: []*simcloud.Cloud{cloud.Cloud(cloud.Account{})}}
	offered, err := simtest.Start(t, options, simtest.Map{}).Invoke("aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", simtest.Map{})
	require.NoError(t, err)
	require.NotEmpty(t, offered["instanceTypes"])
	for _, name := range offered["instanceTypes"].(list) {
		require.NotZero(t, memoryOf(name.(string)), name)
	}
}
