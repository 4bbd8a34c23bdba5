package kafka

import (
	"fmt"
	"regexp"
	"slices"
)

// Listener names of every cluster. Kafka compares them without regard to case.
const (
	internalListener   = "INTERNAL"
	controllerListener = "CONTROLLER"
)

// reservedListeners are ours, and Kafka's protocols, whose names as listeners
// would suggest a security they do not bring.
var reservedListeners = []string{
	internalListener, controllerListener, "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL",
}

var listenerSyntax = regexp.MustCompile(`^[A-Z]([A-Z0-9_]{0,38}[A-Z0-9])?$`)

func (d *draft) checkLinks() {
	names, listeners := map[string]int{}, map[string]int{}
	for i, l := range d.links {
		d.checkLinkName(i, names)
		d.checkListener(i, listeners)
		if l.Endpoint != l.Name {
			d.checkName(linkPath(i).Child("endpoint"), l.Endpoint)
		}
		d.checkPattern(i)
	}
	d.warnOfSharedNames()
}

func (d *draft) checkLinkName(i int, taken map[string]int) {
	path, name := linkPath(i).Child("name"), d.links[i].Name
	if name == "" {
		d.report(Missing(path, "a link needs a name, the key of its outputs", `name its consumer, as "tidb"`))
		return
	}
	d.checkName(path, name)
	if rival, used := taken[name]; used {
		d.invalid(path, name, fmt.Sprintf("is also links[%d].name", rival), "give every link a name of its own")
		return
	}
	taken[name] = i
}

func (d *draft) checkListener(i int, taken map[string]int) {
	path, listener := linkPath(i).Child("listener"), d.links[i].Listener
	switch rival, used := taken[listener]; {
	case !listenerSyntax.MatchString(listener):
		d.invalid(path, listener, "listener names have at most 40 capitals, digits and inner underscores and begin with a letter",
			"choose such a name, as "+DefaultListener)
		return
	case slices.Contains(reservedListeners, listener):
		d.invalid(path, listener, "is a name the cluster or Kafka uses itself", "choose another, as "+DefaultListener)
		return
	case used:
		d.invalid(path, listener, fmt.Sprintf("is also links[%d].listener", rival), "give every link a listener of its own")
		return
	}
	taken[listener] = i
}
