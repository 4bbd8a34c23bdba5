package naming

import (
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Machine is the name of a node's machine: the prefix of brokers' machines or of controllers', and the node id. It stays
// with the node when its machine is replaced.
func (r Rule) Machine(brokers, controllers string, n kafka.Node) string {
	prefix := brokers
	if !n.IsBroker() {
		prefix = controllers
	}
	return r.Fit(prefix + "-" + strconv.Itoa(n.ID))
}

// CheckMachines reports prefixes of machines' names, under the keys name and controllerName, that the cloud would refuse or
// that do not tell brokers from controllers.
func (r Rule) CheckMachines(path *field.Path, brokers, controllers string) (errs field.ErrorList) {
	errs = append(errs, r.Check(path.Child("name"), brokers)...)
	errs = append(errs, r.Check(path.Child("controllerName"), controllers)...)
	if brokers == controllers {
		errs = append(errs, kafka.Invalid(path.Child("controllerName"), controllers, "is the brokers' prefix too", "choose another, so that names tell brokers from controllers"))
	}
	return errs
}
