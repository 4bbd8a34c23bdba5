package rolling

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// narrow is a cloud of which nothing but the plan of its machines is asked.
type narrow struct {
	Cloud
	plan Plan
}

func (n narrow) Plan(kafka.Node) Plan { return n.plan }

func TestMachinesAreGivenAndSentNoMoreThanTheirCloudTakes(t *testing.T) {
	t.Parallel()
	to, _ := node1(t)
	args := &Args{Cluster: to.Machine.Host.Cluster}
	for want, plan := range map[string]Plan{
		"": {Cloud: "moon"},
		`^user-data is \d+ bytes, more than the 100 that moon accepts: shorten the source URLs, or use an image that has Java and Kafka$`: {Cloud: "moon", MostUserData: 100},
		`^node 1's configuration is a script of \d+ bytes, more than the 200 that moon accepts: shorten cluster.properties, or have fewer links$`: {
			Cloud: "moon", MostUserData: 1 << 20, MostPayload: 200,
		},
		`^node 1's configuration is a script of 3000 bytes, more than the 2999 that moon accepts: `: {
			Cloud: "moon", MostUserData: 1 << 20, MostPayload: 2999, Written: func(string) string { return strings.Repeat("x", 3000) },
		},
	} {
		plan.DiskPaths = []string{"/dev/disk/data"}
		machines, err := planMachines("brokers", args, narrow{plan: plan})
		if want == "" {
			require.NoError(t, err)
			require.Len(t, machines, len(args.Cluster.Nodes))
			continue
		}
		require.Error(t, err)
		require.Regexp(t, want, err.Error())
	}
}
