package consumer

import "time"

// No broker, where an id is expected.
const (
	AnyBroker     int32 = -1 // this address may lead to any broker
	UnknownBroker int32 = -1 // no broker answered
)

// Result of a check: what was found, as far as it came.
type Result struct {
	Link  string
	Ports []Port // every broker's address, by id, then the other bootstrap addresses
	// Metadata lists the brokers as the answering ones advertise them, by id. If they disagree, it is what the first
	// of Ports that answered says.
	Metadata []Broker
	// Topic that the records went through; it is gone again. "": it was not tried, because Ports or Metadata are not as
	// they must be.
	Topic       string
	Partitions  int
	Replication int
	// Leaders says how many of the partitions each broker led, by broker's id.
	Leaders map[int32]int
	// Records: sent, acknowledged by all in-sync replicas, and found again, each exactly as it was sent, exactly once.
	Produced, Acknowledged, Read int
	// Mismatched says, record by record and at most a hundred times, what was read but not sent, was sent but not
	// found, or is not what was sent.
	Mismatched []string
	// Problems are all that is wrong with the link; a check's error is made of them.
	Problems []string
	Took     time.Duration
}

// Port is what one of the link's addresses led to.
type Port struct {
	Endpoint   string // "host:port"
	Address    string // "ip:port" that Endpoint's name resolves to; "" if it does not
	WantBroker int32  // or AnyBroker
	GotBroker  int32  // the broker that answered there, or UnknownBroker
	// Advertised is the address by which the broker that answered calls itself; "" if it does not list itself.
	Advertised string
	Error      string // why nothing is known of this address; "" if a broker answered
	// Latency from the beginning of the connection to the first answer.
	Latency time.Duration

	lists []Broker // the brokers as the one that answered lists them
}
