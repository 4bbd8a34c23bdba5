package rehearse

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/simtest"
)

// A stack looks its key pair up before it makes machines: a stand-in that is not found stops every rehearsal of such a stack.
func TestTheStandInForAKeyPairIsFoundInTheStacksRegion(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"", "eu-central-1"} {
		server, err := simcloud.Serve(t.Context(), simcloud.Options{Clouds: []*simcloud.Cloud{AWS().Serve()}})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, server.Close()) })
		config := automation.Configuration{"kafkalink:machines": map[string]any{"keyPair": "operators"}}
		settings := simtest.Map{}
		if region != "" {
			config["aws:region"], settings["region"] = region, region
		}
		var standIns []string
		require.NoError(t, server.Mutate(func(world *simcloud.World) (err error) {
			standIns, err = AWS().Existing(world, config)
			return err
		}))
		require.Equal(t, []string{`key pair "operators": a stand-in, with which nobody can log in`}, standIns)

		found, err := simtest.Connect(t, server, settings).Invoke("aws:ec2/getKeyPair:getKeyPair", simtest.Map{"keyName": "operators"})
		require.NoError(t, err, "region %q", region)
		require.Equal(t, "operators", found["keyName"])
		require.Regexp(t, "^key-[0-9a-f]{17}$", found["keyPairId"])
	}
}
