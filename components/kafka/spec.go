package kafka

// Spec is the cluster as the user describes it, under the configuration key
// "cluster". What is left empty gets a default in Resolve.
type Spec struct {
	// Name is the prefix of everything made for the cluster. Default "kafka".
	Name string `json:"name,omitempty"`
	// ID is the Kafka cluster id. Default: derived from the identity given to
	// Resolve, so that it is the same on every run.
	ID string `json:"id,omitempty"`
	// Version of Kafka. Default DefaultVersion.
	Version string `json:"version,omitempty"`
	// Brokers is the number of brokers; their node ids are 1..Brokers. Default 3.
	Brokers int `json:"brokers,omitempty"`
	// Zones over which brokers, and separate controllers, are spread in turn.
	Zones []string `json:"zones,omitempty"`
	// Controllers says how many voters there are and where they live.
	Controllers Controllers `json:"controllers,omitzero"`
	// Nodes lists every node, instead of Brokers, Zones and Controllers.
	Nodes []Node `json:"nodes,omitempty"`
	// Ports of the listeners that every cluster has.
	Ports Ports `json:"ports,omitzero"`
	// Properties are the user's server.properties for every node.
	Properties map[string]string `json:"properties,omitempty"`
}

// Controllers describes the quorum.
type Controllers struct {
	// Count of voters, odd. Default 3, or 1 for fewer than three brokers.
	Count int `json:"count,omitempty"`
	// Separate gives the voters nodes of their own; otherwise the first Count
	// brokers are voters too.
	Separate bool `json:"separate,omitempty"`
	// FirstID is the node id of the first separate controller. Default 101.
	FirstID int `json:"firstId,omitempty"`
}

// Ports of the listeners that every cluster has, on the nodes themselves.
type Ports struct {
	Controller int `json:"controller,omitempty"`
	Internal   int `json:"internal,omitempty"`
}
