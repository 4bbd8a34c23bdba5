package kafka_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

var privateLink = kafka.EndpointService{
	Kind: kafka.KindAzure,
	Name: "kafka-pls.6d5a2e1c-0f6c-4a0e-9d5f-2f8d3f0a7b11.eastus.azure.privatelinkservice",
	ID:   "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/kafka/providers/Microsoft.Network/privateLinkServices/kafka-pls",
}

func TestHandOffGolden(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{}, tidb)
	h := c.HandOff(c.Links[0], privateLink)
	golden(t, "handoff.txt", h.Text())
	golden(t, "handoff.md", h.Markdown())
	encoded, err := json.MarshalIndent(h, "", "  ")
	require.NoError(t, err)
	golden(t, "handoff.json", string(encoded)+"\n")
}

func TestHandOffFields(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		link kafka.Link
		kind string
		want []string // pattern, service field, bootstrap ports
	}{
		{"Azure, random string found in the pattern", tidb, kafka.KindAzure,
			[]string{"abc", "Alias of the Private Link Service", "9093,9094,9095"}},
		{"Google Cloud, random string given", kafka.Link{Name: "x", Pattern: "<broker_id>.<random>.us-west1.gcp.3199745.tidbcloud.com:<port>", Random: "xyz"}, kafka.KindGoogle,
			[]string{"xyz", "Service Attachment", "9093,9094,9095"}},
		{"AWS, whole pattern, shared bootstrap port", kafka.Link{Name: "x", Pattern: "<broker_id>.<zone>.name.aws.plc.tidbcloud.com:<port>", BootstrapPort: 9092}, kafka.KindAWS,
			[]string{"<broker_id>.<zone>.name.aws.plc.tidbcloud.com:<port>", "Endpoint Service Name", "9092"}},
		{"another cloud", tidb, "Other Private Service", []string{"abc", "Other Private Service", "9093,9094,9095"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := mustResolve(t, kafka.Spec{Zones: []string{"a"}}, test.link)
			fields := c.HandOff(c.Links[0], kafka.EndpointService{Kind: test.kind, Name: "service"}).Fields
			require.Equal(t, test.want, []string{fields[0].Value, fields[1].Field, fields[2].Value})
			require.Equal(t, "service", fields[1].Value)
		})
	}
}

func TestHandOffBeforeTheServiceExists(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{}, tidb)
	h := c.HandOff(c.Links[0], kafka.EndpointService{Kind: kafka.KindAzure})
	require.Contains(t, h.Text(), "Alias of the Private Link Service   (not known yet)\n")
	require.Contains(t, h.Markdown(), "| Alias of the Private Link Service | `(not known yet)` |")
}

// A link that learns its name from its consumer is connected first and bound then.
func TestHandOffInTwoPhases(t *testing.T) {
	t.Parallel()
	link := kafka.Link{Name: "tidb", Pattern: "<broker_id>.<zone>.<unique_name>.aws.plc.tidbcloud.com:<port>", BootstrapPort: 9092}
	svc := kafka.EndpointService{Kind: kafka.KindAWS, Name: "com.amazonaws.vpce.us-west-2.vpce-svc-1", ID: "vpce-svc-1"}
	c := mustResolve(t, kafka.Spec{Zones: []string{"usw2-az1", "usw2-az2", "usw2-az3"}}, link)
	require.False(t, c.Links[0].Bound())
	require.Equal(t, "b2.usw2-az2.unique_name.aws.plc.tidbcloud.com", c.PortMap(c.Links[0])[1].AdvertisedHost)
	golden(t, "handoff-phase-1.txt", c.HandOff(c.Links[0], svc).Text())
	golden(t, "handoff-phase-1.md", c.HandOff(c.Links[0], svc).Markdown())

	link.UniqueName = "kpl-7f3a"
	c = mustResolve(t, kafka.Spec{Zones: []string{"usw2-az1", "usw2-az2", "usw2-az3"}}, link)
	require.True(t, c.Links[0].Bound())
	require.Equal(t, "b2.usw2-az2.kpl-7f3a.aws.plc.tidbcloud.com", c.PortMap(c.Links[0])[1].AdvertisedHost)
	golden(t, "handoff-phase-2.txt", c.HandOff(c.Links[0], svc).Text())
}
