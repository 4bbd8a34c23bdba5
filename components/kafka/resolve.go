package kafka

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Option of Resolve.
type Option func(*draft)

// WithAddresses gives an address to every node that has none. It is called
// once per such node, after defaults and expansion, in order of node id. What
// it fails with is reported, but for ErrSaidElsewhere.
func WithAddresses(address func(Node) (string, error)) Option {
	return func(d *draft) { d.address = address }
}

// WithIdentity seeds the derived cluster id, as "<org>/<project>/<stack>".
func WithIdentity(identity string) Option {
	return func(d *draft) { d.identity = identity }
}

// Resolve applies defaults, expands counts into nodes, assigns addresses and
// validates everything at once. The cluster is nil if there are errors, or if
// the caller has them.
// Neither spec nor links are changed.
func Resolve(spec Spec, links []Link, opts ...Option) (*Cluster, Findings) {
	d := &draft{spec: spec.withDefaults()}
	for _, opt := range opts {
		opt(d)
	}
	for i, l := range links {
		d.links = append(d.links, l.withDefaults(i))
	}

	d.expandNodes()
	d.assignAddresses()
	d.resolveClusterID()

	d.checkCluster()
	d.checkNodes()
	d.checkZones()
	d.checkQuorum()
	d.checkListenerPorts()
	d.checkLinks()
	d.checkEndpoints()
	d.checkProperties()
	d.checkReplication()

	if len(d.Errors) > 0 || d.incomplete {
		return nil, d.Findings
	}
	return d.cluster(), d.Findings
}

// draft is a cluster that may still be wrong, and what was found so far.
type draft struct {
	spec     Spec
	links    []Link
	nodes    []draftNode // by id, then as given
	address  func(Node) (string, error)
	identity string
	// incomplete: a node has no address, and the caller says why.
	incomplete bool
	Findings
}

// draftNode remembers where in the configuration a node comes from.
type draftNode struct {
	Node
	// path is cluster.nodes[i], or for an expanded node the count it comes from.
	path *field.Path
	// listed tells that the user wrote the node down.
	listed bool
}

var (
	clusterPath    = field.NewPath("cluster")
	controllerPath = clusterPath.Child("controllers")
)

func linkPath(i int) *field.Path { return field.NewPath("links").Index(i) }

func (d *draft) cluster() *Cluster {
	c := &Cluster{
		Name:       d.spec.Name,
		ID:         d.spec.ID,
		Version:    d.spec.Version,
		Ports:      d.spec.Ports,
		Properties: d.spec.Properties,
		Links:      d.links,
	}
	for _, n := range d.nodes {
		c.Nodes = append(c.Nodes, n.Node)
	}
	return c
}

func (d *draft) brokers() []draftNode {
	return slices.DeleteFunc(slices.Clone(d.nodes), func(n draftNode) bool { return !n.IsBroker() })
}

func (d *draft) voters() []draftNode {
	return slices.DeleteFunc(slices.Clone(d.nodes), func(n draftNode) bool { return !n.IsController() })
}

func (d *draft) listsNodes() bool { return len(d.spec.Nodes) > 0 }

func (d *draft) sortNodes() {
	slices.SortStableFunc(d.nodes, func(a, b draftNode) int { return cmp.Compare(a.ID, b.ID) })
}

func (d *draft) report(problem *field.Error) { d.Errors = append(d.Errors, problem) }

func (d *draft) invalid(path *field.Path, value any, rule, remedy string) {
	d.report(Invalid(path, value, rule, remedy))
}

func (d *draft) warn(path *field.Path, value any, rule, remedy string) {
	d.Warnings = append(d.Warnings, Invalid(path, value, rule, remedy))
}
