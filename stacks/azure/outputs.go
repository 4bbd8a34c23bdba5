package azure

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/azure"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// outputs are there when the whole cluster is ready: a hand-off that does not work yet is no hand-off.
func (s *Stack) outputs(links map[string]*azure.Link, brokers *azure.Brokers) pulumi.Output {
	services := pulumi.StringArrayMap{}
	for endpoint, link := range links {
		services[endpoint] = pulumi.StringArray{link.Alias, link.ServiceID}
	}
	return pulumi.All(services.ToStringArrayMapOutput(), brokers.Ready).ApplyT(func(v []any) (map[string]any, error) {
		return s.describe(v[0].(map[string][]string)).Value()
	})
}

func (s *Stack) describe(endpoints map[string][]string) kafka.Outputs {
	services := map[string]kafka.EndpointService{}
	for _, l := range s.Cluster.Links {
		service := endpoints[l.Endpoint]
		services[l.Name] = kafka.EndpointService{Kind: kafka.KindAzure, Name: service[0], ID: service[1]}
	}
	out := s.Cluster.Outputs(Cloud, services)
	for i, n := range s.Cluster.Nodes {
		out.Cluster.Nodes[i].Name = s.Machines.MachineName(n)
	}
	return out
}
