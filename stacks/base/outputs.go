package base

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Service is an endpoint service in the program: the name by which a consumer asks for it, and its id in the account.
type Service struct{ Name, ID pulumi.StringInput }

// Outputs are there when the whole cluster is ready: a hand-off that does not work yet is no hand-off. services are by
// endpoint; machine names a node's machine.
func (s *Stack) Outputs(cloud, kind string, services map[string]Service, ready pulumi.StringOutput, machine func(kafka.Node) string) pulumi.Output {
	known := pulumi.StringArrayMap{}
	for endpoint, service := range services {
		known[endpoint] = pulumi.StringArray{service.Name, service.ID}
	}
	return pulumi.All(known.ToStringArrayMapOutput(), ready).ApplyT(func(v []any) (map[string]any, error) {
		endpoints, byLink := v[0].(map[string][]string), map[string]kafka.EndpointService{}
		for _, l := range s.Cluster.Links {
			byLink[l.Name] = kafka.EndpointService{Kind: kind, Name: endpoints[l.Endpoint][0], ID: endpoints[l.Endpoint][1]}
		}
		return s.Cluster.Outputs(cloud, byLink, machine).Value()
	})
}
