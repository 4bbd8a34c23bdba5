package kafka

// Link is one consumer's way in: a listener on every broker, and an advertised
// name and endpoint port per broker.
type Link struct {
	// Name of the link; the key of its outputs.
	Name string `json:"name"`
	// Pattern of the advertised name and port, as the consumer shows it:
	// "<broker_id>.abc.eastus.azure.3199745.tidbcloud.com:<port>".
	Pattern string `json:"pattern"`
	// Random is the value of <random> in Pattern.
	Random string `json:"random,omitempty"`
	// UniqueName is the value of <unique_name> in Pattern, which the consumer
	// has only after it has connected. Empty: not known yet, and brokers
	// advertise a stand-in.
	UniqueName string `json:"uniqueName,omitempty"`
	// Listener is the name of the listener on the brokers. Default EXTERNAL,
	// EXTERNAL2, ... by position.
	Listener string `json:"listener,omitempty"`
	// ListenerPort is the listener's port on the brokers. Default 39092 plus
	// position.
	ListenerPort int `json:"listenerPort,omitempty"`
	// PortBase plus a broker's node id is its endpoint port. Default 9092.
	PortBase int `json:"portBase,omitempty"`
	// BootstrapPort is one endpoint port that leads to any broker. 0: none,
	// consumers bootstrap on the brokers' own endpoint ports.
	BootstrapPort int `json:"bootstrapPort,omitempty"`
	// Endpoint names the endpoint service; links naming the same one share it.
	// Default: Name.
	Endpoint string `json:"endpoint,omitempty"`
}
