package enginetest

import (
	"encoding/json"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// outputs are those of Cluster's one link behind the service with that id.
func outputs(id string) map[string]any {
	cluster := Cluster()
	service := kafka.EndpointService{Kind: "Test Endpoint Service", Name: "kafka-pls." + id, ID: id}
	out := kafka.Outputs{
		Version: kafka.OutputsVersion,
		Cloud:   "test",
		Cluster: kafka.ClusterOutputs{Name: cluster.Name, ID: cluster.ID, Version: cluster.Version},
		Links:   map[string]kafka.LinkOutputs{},
	}
	for _, link := range cluster.Links {
		out.Links[link.Name] = kafka.LinkOutputs{
			Service:        service,
			Alias:          service.Name,
			BootstrapPorts: cluster.BootstrapPorts(link),
			PortMap:        cluster.PortMap(link),
			HandOff:        cluster.HandOff(link, service),
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	var plain map[string]any
	if err := json.Unmarshal(text, &plain); err != nil {
		panic(err)
	}
	return plain
}
