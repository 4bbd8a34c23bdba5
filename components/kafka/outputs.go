package kafka

import (
	"encoding/json"
	"fmt"
)

// OutputKey is the stack output that holds Outputs.
const OutputKey = "kafkalink"

// OutputsVersion is the version of the shape of Outputs. It rises when a
// reader of the previous one would misread the next; new fields do not raise it.
const OutputsVersion = 1

// Outputs is what a stack exports under OutputKey.
type Outputs struct {
	Version int            `json:"version"`
	Cloud   string         `json:"cloud"`
	Cluster ClusterOutputs `json:"cluster"`
	// Links by name.
	Links map[string]LinkOutputs `json:"links"`
}

// ClusterOutputs describes the cluster.
type ClusterOutputs struct {
	Name    string        `json:"name"`
	ID      string        `json:"id"`
	Version string        `json:"version"`
	Nodes   []NodeOutputs `json:"nodes"`
}

// NodeOutputs describes a node.
type NodeOutputs struct {
	ID      int    `json:"id"`
	Roles   []Role `json:"roles"`
	Zone    string `json:"zone,omitempty"`
	Address string `json:"address"`
	Name    string `json:"name"`
}

// LinkOutputs describes a link and what its consumer is told.
type LinkOutputs struct {
	Service EndpointService `json:"service"`
	// Alias is Service.Name.
	Alias             string  `json:"alias"`
	BootstrapPorts    []int   `json:"bootstrapPorts"`
	AdvertisedPattern string  `json:"advertisedPattern"`
	PortMap           PortMap `json:"portMap"`
	HandOff           HandOff `json:"handOff"`
}

// Outputs of the cluster on a cloud, given the endpoint services of its links
// by the links' names, and the names of its nodes' machines.
func (c *Cluster) Outputs(cloud string, services map[string]EndpointService, machine func(Node) string) Outputs {
	o := Outputs{
		Version: OutputsVersion,
		Cloud:   cloud,
		Cluster: ClusterOutputs{Name: c.Name, ID: c.ID, Version: c.Version, Nodes: []NodeOutputs{}},
		Links:   map[string]LinkOutputs{},
	}
	for _, n := range c.Nodes {
		o.Cluster.Nodes = append(o.Cluster.Nodes, NodeOutputs{n.ID, n.Roles, n.Zone, n.Address, machine(n)})
	}
	for _, l := range c.Links {
		svc := services[l.Name]
		o.Links[l.Name] = LinkOutputs{
			Service:           svc,
			Alias:             svc.Name,
			BootstrapPorts:    c.BootstrapPorts(l),
			AdvertisedPattern: l.AdvertisedPattern(),
			PortMap:           c.PortMap(l),
			HandOff:           c.HandOff(l, svc),
		}
	}
	return o
}

// Value is the outputs as maps, slices and plain values, for an engine that
// knows no structs.
func (o Outputs) Value() (map[string]any, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	var value map[string]any
	if err := json.Unmarshal(data, &value); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return value, nil
}

// ParseOutputs reads the value of OutputKey, as Pulumi returns it: maps, slices
// and float64. It fails on any version but OutputsVersion.
func ParseOutputs(value any) (Outputs, error) {
	if value == nil {
		return Outputs{}, fmt.Errorf("the stack has no output %q: nothing was deployed yet, or not by kafkalink; run `kafkalink up`", OutputKey)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return Outputs{}, unreadable(err)
	}
	var head struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Outputs{}, unreadable(err)
	}
	if head.Version == nil {
		return Outputs{}, unreadable(fmt.Errorf("it has no version"))
	}
	if *head.Version != OutputsVersion {
		return Outputs{}, fmt.Errorf("the stack's output %q has version %d, and this kafkalink reads version %d: use the kafkalink that deployed the stack, or run `kafkalink up` with this one",
			OutputKey, *head.Version, OutputsVersion)
	}
	var o Outputs
	if err := json.Unmarshal(data, &o); err != nil {
		return Outputs{}, unreadable(err)
	}
	return o, nil
}

func unreadable(why error) error {
	return fmt.Errorf("the stack's output %q is not what kafkalink exports: %w; run `kafkalink up` to export it anew", OutputKey, why)
}
