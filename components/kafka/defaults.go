package kafka

import (
	"maps"
	"slices"
	"strconv"
)

// Defaults; names, versions and ports are those of the source documents.
const (
	DefaultName              = "kafka"
	DefaultVersion           = "3.7.1"
	DefaultBrokers           = 3
	DefaultControllers       = 3
	DefaultFirstControllerID = 101
	DefaultControllerPort    = 29092
	DefaultInternalPort      = 9092
	DefaultListener          = "EXTERNAL"
	DefaultListenerPort      = 39092
	DefaultPortBase          = 9092
)

// withDefaults is a deep copy of the spec with what can be known filled in.
func (s Spec) withDefaults() Spec {
	setDefault(&s.Name, DefaultName)
	setDefault(&s.Version, DefaultVersion)
	setDefault(&s.Ports.Controller, DefaultControllerPort)
	setDefault(&s.Ports.Internal, DefaultInternalPort)
	s.Zones = slices.Clone(s.Zones)
	s.Properties = maps.Clone(s.Properties)
	s.Nodes = slices.Clone(s.Nodes)
	for i, n := range s.Nodes {
		s.Nodes[i].Roles = slices.Clone(n.Roles)
		s.Nodes[i].Properties = maps.Clone(n.Properties)
	}
	if len(s.Nodes) > 0 {
		return s
	}
	setDefault(&s.Brokers, DefaultBrokers)
	setDefault(&s.Controllers.Count, s.defaultControllers())
	if s.Controllers.Separate {
		setDefault(&s.Controllers.FirstID, DefaultFirstControllerID)
	}
	return s
}

// defaultControllers is one for a cluster too small for a quorum of three
// combined nodes.
func (s Spec) defaultControllers() int {
	if !s.Controllers.Separate && s.Brokers < DefaultControllers {
		return 1
	}
	return DefaultControllers
}

// withDefaults of the link at a position, counted from 0.
func (l Link) withDefaults(position int) Link {
	listener := DefaultListener
	if position > 0 {
		listener += strconv.Itoa(position + 1)
	}
	setDefault(&l.Listener, listener)
	setDefault(&l.ListenerPort, DefaultListenerPort+position)
	setDefault(&l.PortBase, DefaultPortBase)
	setDefault(&l.Endpoint, l.Name)
	return l
}

func setDefault[T comparable](value *T, otherwise T) {
	var zero T
	if *value == zero {
		*value = otherwise
	}
}
