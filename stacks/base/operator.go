package base

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// Operator holds what only a person may decide. Each entry is taken back once it has served.
type Operator struct {
	// AcceptBlankDisk lists node ids whose blank data disk may be formatted although the node had data before.
	AcceptBlankDisk []int `json:"acceptBlankDisk"`
	// Force lists node ids to be restarted without the check that the cluster can spare them.
	Force []int `json:"force"`
	// Retire lists node ids whose data disks are given up; then the nodes can be taken out of the cluster.
	Retire []int `json:"retire"`
	// RetireEndpoints lists endpoint services that may be deleted; then their links can be removed.
	RetireEndpoints []string `json:"retireEndpoints"`
}

// Rolling are the arguments of the machines that every cloud has: deployed is what is there already, first says that nothing
// ever was.
func (s *Stack) Rolling(deployed *rolling.Deployment, first bool) rolling.Args {
	return rolling.Args{
		Cluster: s.Cluster, Hosts: s.Hosts, Deployed: deployed, AtOnce: first,
		AcceptBlankDisk: s.Operator.AcceptBlankDisk, Force: s.Operator.Force, Retire: s.Operator.Retire, Tags: s.Tags,
	}
}

// Retires says whether an endpoint service may be deleted.
func (o Operator) Retires(endpoint string) bool { return slices.Contains(o.RetireEndpoints, endpoint) }

// checkOperator says what an operator's permissions mean for as long as they stand.
func (s *Stack) checkOperator(path *field.Path, service string) (f kafka.Findings) {
	f.Add(s.checkNodes(path.Child("acceptBlankDisk"), s.Operator.AcceptBlankDisk, "its blank disk may be formatted"))
	f.Add(s.checkNodes(path.Child("force"), s.Operator.Force, "it may be restarted without the safety check"))
	f.Add(s.checkNodes(path.Child("retire"), s.Operator.Retire, "its data disk is not protected"))
	for i, name := range s.Operator.RetireEndpoints {
		known := slices.ContainsFunc(s.Cluster.Links, func(l kafka.Link) bool { return l.Endpoint == name })
		f.Add(permission(path.Child("retireEndpoints").Index(i), name, known, "is not the endpoint of a link of this cluster", "name one, by default a link's name", "its "+service+" is not protected"))
	}
	return f
}

func (s *Stack) checkNodes(path *field.Path, ids []int, meaning string) (f kafka.Findings) {
	for i, id := range ids {
		_, known := s.Cluster.Node(id)
		f.Add(permission(path.Index(i), id, known, "is not the id of a node of this cluster", "name one of its nodes", meaning))
	}
	return f
}

// permission refuses one that is about nothing we know, and warns of any other.
func permission(path *field.Path, about any, known bool, rule, remedy, meaning string) (f kafka.Findings) {
	if !known {
		f.Errors = append(f.Errors, kafka.Invalid(path, about, rule, remedy))
	} else {
		f.Warnings = append(f.Warnings, kafka.Invalid(path, about, "as long as this stands, "+meaning, "remove it when it has served"))
	}
	return f
}
