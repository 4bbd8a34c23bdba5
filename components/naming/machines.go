package naming

import (
	"cmp"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Machines says how a cluster's machines are called.
type Machines struct {
	// Name and ControllerName are the prefixes of machine names; the node id follows.
	// Default "<cluster>-broker" and "<cluster>-controller".
	Name           string `json:"name,omitempty" pulumi:"name"`
	ControllerName string `json:"controllerName,omitempty" pulumi:"controllerName"`
}

// WithDefaults fills what was left out.
func (m Machines) WithDefaults(name string) Machines {
	m.Name = cmp.Or(m.Name, name+"-broker")
	m.ControllerName = cmp.Or(m.ControllerName, name+"-controller")
	return m
}

// Machine is the name of a node's machine: the prefix of brokers' machines or of controllers', and the node id. It stays
// with the node when its machine is replaced.
func (r Rule) Machine(m Machines, n kafka.Node) string {
	prefix := m.Name
	if !n.IsBroker() {
		prefix = m.ControllerName
	}
	return r.Fit(prefix + "-" + strconv.Itoa(n.ID))
}

// CheckMachines reports prefixes of machines' names that the cloud would refuse, or that do not tell brokers from controllers.
func (r Rule) CheckMachines(path *field.Path, m Machines) (errs field.ErrorList) {
	errs = append(errs, r.Check(path.Child("name"), m.Name)...)
	errs = append(errs, r.Check(path.Child("controllerName"), m.ControllerName)...)
	if m.Name == m.ControllerName {
		errs = append(errs, kafka.Invalid(path.Child("controllerName"), m.ControllerName, "is the brokers' prefix too", "choose another, so that names tell brokers from controllers"))
	}
	return errs
}
