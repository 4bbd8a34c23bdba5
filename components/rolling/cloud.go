package rolling

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/host"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// Cloud makes machines, and carries payloads to them and reports back.
type Cloud interface {
	// Plan is the machine of a node.
	Plan(kafka.Node) Plan
	// CheckImage says whether machines can be made from the image that they are to have. It is asked only where one is to be made.
	CheckImage(ctx *pulumi.Context) error
	// Register makes a node's machine, with what stays when a machine goes: its network interface, its data disk. The
	// machine, and whatever takes the node's address, waits for what comes before it in the chain.
	Register(ctx *pulumi.Context, m *Machine, after pulumi.ResourceOption, parent pulumi.Resource) (Registered, error)
	// Scope is what Last and Report need to know of where the machines are. It may become known only in the update.
	Scope() pulumi.StringInput
	// Send registers the resource that brings a payload to its machine.
	Send(ctx *pulumi.Context, s Shipment, opts ...pulumi.ResourceOption) (pulumi.CustomResource, error)
	// Last is what became of the last payload that went to a destination. Nil without an error: none did.
	Last(ctx *pulumi.Context, scope string, to Destination) (*Sent, error)
	// Report waits until a payload that was sent has ended, and says how.
	Report(ctx *pulumi.Context, scope string, to Destination, p host.Payload) (*Sent, error)
}

// Plan is what of a node's machine is known beforehand.
type Plan struct {
	// Name of the machine; it stays with the node when its machine is replaced.
	Name string
	// DiskPaths of the data disk on the host, stable, most specific first.
	DiskPaths []string
	// Cloud is its name, in messages.
	Cloud string
	// MostUserData is how many bytes of user-data, before base64, a machine takes, and MostPayload how many of a script can be
	// sent at once; 0: no limit is known.
	MostUserData, MostPayload int
	// Written is a script as Send writes it; nil: as it is.
	Written func(script string) string
	// NeedsPower says that a machine without power cannot be replaced: what is sent to it cannot be deleted.
	NeedsPower bool
	// Inputs are what reboots or replaces the machine besides its name, user-data and zone: plain values. Of an image they have
	// what is asked for, so that a newer one changes nothing.
	Inputs any
	// MadeFrom are those of them that replace it, and whatever else does besides user-data and zone.
	MadeFrom any
}

// Registered is a machine in the program.
type Registered struct {
	// Machine is replaced when the machine is.
	Machine pulumi.Resource
	// ID is the cloud's unique id of it, another one for each machine.
	ID pulumi.StringOutput
	// Complete are the resources without which the machine cannot serve, itself among them.
	Complete []pulumi.Resource
}

// Destination is one purpose on one machine, for which a payload is sent, and sent again.
type Destination struct {
	Machine *Machine
	// Purpose is one of Purposes, and part of names.
	Purpose string
	// Parent of what is registered or asked.
	Parent pulumi.Resource
}

// Purposes for which payloads are sent.
const (
	configuration = "configuration" // what the node serves
	clusterReady  = "cluster-ready" // whether all brokers are in sync
	guard         = "guard"         // whether the cluster can spare a node
)

// Purposes are all of them.
func Purposes() []string { return []string{configuration, clusterReady, guard} }

// Shipment is a payload on its way.
type Shipment struct {
	Destination
	// Name of the resource that brings it.
	Name string
	// MachineID is the cloud's unique id of the machine.
	MachineID pulumi.StringInput
	// Still leaves that resource as it is, if there is one.
	Still bool

	payload pulumi.Output // of Payload
}

// Payload with the attempt it carries.
type Payload struct {
	host.Payload
	Attempt int
}

// Text is a text about the payload, known when the payload is.
func (s Shipment) Text(of func(Payload) string) pulumi.StringOutput {
	return s.payload.ApplyT(func(v any) string { return of(v.(Payload)) }).(pulumi.StringOutput)
}

// Sent is a payload as its cloud knows it.
type Sent struct {
	// Attempt it carried.
	Attempt int
	// Unused is an attempt that nothing sent to this destination has carried.
	Unused int
	// Latest says that nothing has been sent since. A cloud that knows of reports alone cannot tell.
	Latest bool
	// Running until it has ended.
	Running bool
	// Succeeded says that the cloud calls it a success, which is not enough.
	Succeeded bool
	// State, and Error, in the cloud's or the host's words, of what did not succeed.
	State, Error string
	// Output of the host, perhaps cut at its beginning.
	Output string
	// Is says whether it was this payload.
	Is func(host.Payload) bool
}
